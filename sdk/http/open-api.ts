import * as z from "zod";
import { send } from "../tools/send.js";
import { version } from "../../core/version.js";
import { deliveryEvents, failed, toldAsItGoes, watchEvents } from "./event-operations.js";
import { inputOverHttp, routes, type Route } from "./routes.js";

const schemaOf = (shape: z.ZodRawShape, io: "input" | "output", strict: boolean): unknown => z.toJSONSchema(strict ? z.strictObject(shape) : z.looseObject(shape), { io, unrepresentable: "any" });
const content = (schema: unknown): Record<string, unknown> => ({ "application/json": { schema } });

/** OpenAPI 3.1 of `/v1`, made from the very schemas that requests are checked by. */
export function openApi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[`/v1${route.path.replace(/:(\w+)/g, "{$1}")}`] ??= {})[route.method.toLowerCase()] = operation(route);
  paths["/v1/dispatches/{id}/events"] = { get: deliveryEvents };
  paths["/v1/watch"] = { get: watchEvents };
  paths["/v1/openapi.json"] = { get: { operationId: "getOpenapi", summary: "This document", responses: { 200: { description: "OpenAPI 3.1.", content: content({ type: "object" }) }, default: failed } } };
  return {
    openapi: "3.1.0", info: { title: "Dispatch", version, license: { name: "MIT", identifier: "MIT" } }, paths, security: [{ bearer: [] }, { apiKey: [] }],
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" }, apiKey: { type: "apiKey", in: "header", name: "x-api-key" } },
      schemas: {
        Error: {
          type: "object", required: ["error"],
          properties: { error: { type: "object", required: ["reason", "detail", "hint", "metadata"], properties: { reason: { type: "string" }, detail: { type: "string" }, hint: { type: "string" }, metadata: { type: "object", additionalProperties: { type: "string" } } } } },
        },
      },
    },
  };
}

function operation({ method, path, tool, body, keyed }: Route): Record<string, unknown> {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const fields = Object.entries(inputOverHttp(tool)).filter(([name]) => !inPath.includes(name));
  const inQuery = method === "GET" ? fields : [];
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^a-zA-Z]+(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    summary: tool.title, description: tool.description,
    parameters: [
      ...inPath.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...inQuery.map(([name, field]) => ({ name, in: "query", required: false, schema: z.toJSONSchema(field as z.ZodType, { io: "input", unrepresentable: "any" }) })),
      ...(keyed ? [{ name: "Idempotency-Key", in: "header", required: false, schema: { type: "string" }, description: "The same key again joins or replays, and never types twice." }] : []),
    ],
    ...(body && { requestBody: { required: true, content: content({ type: "object", required: ["options"], additionalProperties: false, properties: { options: schemaOf(inputOverHttp(tool), "input", true) } }) } }),
    responses: { 200: { description: "What was done, or why not: a refusal is an outcome.", content: { ...content(schemaOf(tool.output, "output", false)), ...(tool.name === send.name && toldAsItGoes) } }, default: failed },
  };
}
