import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as z from "zod";
import type { Config } from "../../core/config/config.js";
import type { Principal } from "../../core/domain/principal.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { DispatchClient } from "../dispatch-client.js";
import { errorJson } from "../json/error-json.js";
import { deliveryJson, stepJson } from "../json/delivery-json.js";
import { targetJson } from "../json/target-json.js";
import { send } from "../tools/send.js";
import type { ToolContext } from "../tools/tool.js";
import { openApi } from "./open-api.js";
import { inputOverHttp, routes, type Route } from "./routes.js";

export interface HttpApiParts {
  readonly config: Config;
  /** Address of the coordinator whose owner this process is. */
  readonly address: string;
  /** Who has this bearer token; undefined where nobody has. */
  readonly callerOf: (token: string) => Principal | undefined;
  /** Told of requests whose caller is not even known. */
  readonly onRefused: (refusal: { peer: string; why: string; rpc: string }) => void;
}

type Env = { Variables: { principal: Principal } };

/** Bytes that are no text are refused: what an agent is given is what was sent. */
const utf8 = new TextDecoder("utf-8", { fatal: true });
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);
const statuses: Readonly<Record<string, ContentfulStatusCode>> = {
  INVALID_ARGUMENT: 400, UNAUTHENTICATED: 401, PERMISSION_DENIED: 403, NOT_FOUND: 404, ALREADY_EXISTS: 409, FAILED_PRECONDITION: 409, ABORTED: 409,
  RESOURCE_EXHAUSTED: 413, UNIMPLEMENTED: 501, UNAVAILABLE: 503, DEADLINE_EXCEEDED: 504,
};

/** `/v1` over HTTP. Each caller is who its token says, and the coordinator and the nodes decide what it may. */
export function httpApi(parts: HttpApiParts): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, context) => failure(context, error));
  app.notFound((context) => context.json({ error: { ...errorJson(new DispatchError("not_found", `There is no ${context.req.method} ${context.req.path}.`)), hint: "GET /v1/openapi.json tells what there is." } }, 404));
  app.use(bodyLimit({ maxSize: parts.config.maxPromptBytes * 2 + 65_536, onError: (context) => failure(context, new DispatchError("prompt_too_large")) }));
  app.use(async (context, next) => {
    const principal = callerOf(context, parts);
    if (principal instanceof DispatchError) {
      parts.onRefused({ peer: "HTTP", why: principal.message, rpc: `${context.req.method} ${context.req.path.slice(0, 200)}` });
      throw principal;
    }
    context.set("principal", principal);
    await next();
  });
  app.get("/v1/openapi.json", (context) => context.json(openApi()));
  app.get("/v1/watch", (context) => watch(context, parts));
  app.get("/v1/dispatches/:id/events", (context) => events(context, parts));
  for (const route of routes) app.on(route.method, `/v1${route.path}`, (context) => run(context, route, parts));
  return app;
}

/** Who calls, or why that is nobody. */
function callerOf({ req }: Context<Env>, parts: HttpApiParts): Principal | DispatchError {
  const host = (req.header("host") ?? "").replace(/:\d+$/, "");
  if (!loopback.has(host)) return new DispatchError("policy_denied", "The Host header names another machine.");
  if (req.header("origin") !== undefined) return new DispatchError("policy_denied", "Pages in a browser may not call this.");
  const token = /^Bearer +(.+)$/i.exec(req.header("authorization") ?? "")?.[1] ?? req.header("x-api-key");
  return (token === undefined ? undefined : parts.callerOf(token)) ?? new DispatchError("unauthenticated", "A bearer token is needed.");
}

async function run(context: Context<Env>, route: Route, parts: HttpApiParts): Promise<Response> {
  const input = await inputOf(context, route);
  let connecting: Promise<DispatchClient> | undefined;
  const connect = (): Promise<DispatchClient> => (connecting ??= connectFor(context, parts));
  const work = async (signal: AbortSignal, progress: (message: string) => void): Promise<Record<string, unknown>> => {
    const told: ToolContext = { config: parts.config, signal, client: connect, progress };
    const { result } = await route.tool.run(input, told);
    if (route.of !== undefined && route.of !== kindOf(result)) throw new DispatchError(route.of === "schedule" ? "schedule_not_found" : "delivery_not_found", undefined, { metadata: { field: "id", value: context.req.param("id") ?? "" } });
    return result;
  };
  try {
    if (route.tool.name === send.name && context.req.header("accept")?.includes("text/event-stream")) {
      return streamSSE(context, async (stream) => {
        const stop = new AbortController();
        stream.onAbort(() => stop.abort());
        const tell = (event: string, data: unknown): Promise<void> => stream.writeSSE({ event, data: JSON.stringify(data) });
        try {
          await tell("result", await work(stop.signal, (message) => void tell("progress", { message })));
        } catch (error) {
          await tell("error", { error: errorJson(known(error)) });
        } finally {
          (await connecting)?.close();
        }
      });
    }
    return context.json(await work(context.req.raw.signal, () => undefined));
  } finally {
    if (!context.req.header("accept")?.includes("text/event-stream")) connecting?.then((client) => client.close(), () => undefined);
  }
}

/** One tool looks up both: what a path is of is found there and nowhere else. */
function kindOf({ error, kind }: Record<string, unknown>): Route["of"] {
  if (error === "not found") return undefined;
  return kind === "schedule" || kind === "loop" ? "schedule" : "delivery";
}

/** What a route's tool takes: of the path, the query, and `options` of the body. Checked by the tool's own schema. */
async function inputOf(context: Context<Env>, { tool, body, keyed, method }: Route): Promise<Record<string, never>> {
  const shape = inputOverHttp(tool);
  const given: Record<string, unknown> = { ...(method === "GET" ? queryOf(context, shape) : {}), ...(body ? await optionsOf(context) : {}), ...context.req.param() };
  const key = keyed ? context.req.header("idempotency-key") : undefined;
  if (key !== undefined) given["key"] ??= key;
  // Results are short for the sake of a model's context; a program wants the same fields each time.
  if (Object.hasOwn(shape, "verbose")) given["verbose"] ??= true;
  const parsed = z.strictObject(shape).safeParse(given);
  if (parsed.success) return parsed.data as Record<string, never>;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "options"}: ${message}`);
  throw new DispatchError("invalid_argument", `${issues.slice(0, 5).join("; ")}.`, { metadata: { field: parsed.error.issues[0]?.path.join(".") ?? "" } });
}

async function optionsOf(context: Context<Env>): Promise<Record<string, unknown>> {
  const body: unknown = await context.req.arrayBuffer().then((bytes) => JSON.parse(utf8.decode(bytes)) as unknown).catch(() => undefined);
  const parsed = z.strictObject({ options: z.record(z.string(), z.unknown()) }).safeParse(body);
  if (!parsed.success) throw new DispatchError("invalid_argument", 'The body is not JSON, in UTF-8, of the form {"options": {…}}.', { metadata: { field: "options" } });
  return parsed.data.options;
}

/** Texts of the query as the types that the fields have. */
function queryOf(context: Context<Env>, shape: z.ZodRawShape): Record<string, unknown> {
  return Object.fromEntries(Object.entries(context.req.query()).map(([name, text]) => {
    const field = Object.hasOwn(shape, name) ? (shape[name] as z.ZodType) : undefined;
    return [name, field?.safeParse(text).success ? text : asJson(text)];
  }));
}

/** Numbers, booleans and objects (`select={"agent":"claude"}`) are JSON in a query; all else is the text that it is. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function watch(context: Context<Env>, parts: HttpApiParts): Response {
  return streamSSE(context, async (stream) => {
    const stop = new AbortController();
    stream.onAbort(() => stop.abort());
    const client = await connectFor(context, parts);
    try {
      for await (const event of client.watch(context.req.query("target"), { signal: stop.signal })) await stream.writeSSE({ event: event.gone ? "gone" : "state", data: JSON.stringify(targetJson(event)) });
    } catch (error) {
      await stream.writeSSE({ event: "error", data: JSON.stringify({ error: errorJson(known(error)) }) });
    } finally {
      client.close();
    }
  });
}

async function events(context: Context<Env>, parts: HttpApiParts): Promise<Response> {
  const client = await connectFor(context, parts);
  const { id } = await client.get(context.req.param("id") ?? "").catch((error: unknown) => {
    client.close();
    throw error;
  });
  return streamSSE(context, async (stream) => {
    const stop = new AbortController();
    stream.onAbort(() => stop.abort());
    try {
      for await (const update of client.follow(id, { waitFor: "finished", signal: stop.signal })) await stream.writeSSE({ event: "step", id: String(update.sequence), data: JSON.stringify(stepJson(update)) });
      await stream.writeSSE({ event: "result", data: JSON.stringify(deliveryJson(await client.get(id))) });
    } finally {
      client.close();
    }
  });
}

function connectFor(context: Context<Env>, { address, config }: HttpApiParts): Promise<DispatchClient> {
  return DispatchClient.connect({ address, config, behalfOf: context.get("principal") });
}

function known(error: unknown): DispatchError {
  return error instanceof DispatchError ? error : new DispatchError("internal", undefined, { cause: error });
}

function failure(context: Context, error: unknown): Response {
  const told = known(error);
  const code = told.reason === "prompt_too_large" ? 413 : statuses[told.entry.grpc] ?? 500;
  if (code === 401) context.header("www-authenticate", "Bearer");
  return context.json({ error: errorJson(told) }, code);
}
