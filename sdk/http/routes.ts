import type * as z from "zod";
import { capture } from "../tools/capture.js";
import { daemonDoctor, daemonEnsure, daemonStart, daemonStatusTool } from "../tools/daemon.js";
import { exec } from "../tools/exec.js";
import { key } from "../tools/key.js";
import { list, nodes, occurrences, status, targets, wait } from "../tools/lookups.js";
import { cancel, clear, edit, loop, loops, pause, resume, runNow, schedule, schedules } from "../tools/schedules.js";
import { send } from "../tools/send.js";
import type { Tool } from "../tools/tool.js";
import { fleetSummaryTool, recover, triageTool } from "../tools/triage.js";

/** One route of `/v1`: a tool, and where its input is. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** As hono writes it, `/dispatches/:id`. */
  readonly path: string;
  readonly tool: Tool<Record<string, never>>;
  /** Fields that the body has under `options`, where there is a body. */
  readonly body: boolean;
  /** The caller's Idempotency-Key is the key of the delivery. */
  readonly keyed?: boolean;
  /** What its id is of, where the tool looks up more than that. */
  readonly of?: "delivery" | "schedule";
}

/** What a caller over HTTP can give: it is not the user whose files this process could read. */
export function inputOverHttp({ input, readsFiles }: Route["tool"]): z.ZodRawShape {
  const withheld = new Set<string>(readsFiles);
  return Object.fromEntries(Object.entries(input).filter(([field]) => !withheld.has(field)));
}

const any = (tool: unknown): Tool<Record<string, never>> => tool as Tool<Record<string, never>>;
const get = (path: string, tool: unknown, more: Partial<Route> = {}): Route => ({ method: "GET", path, tool: any(tool), body: false, ...more });
const post = (path: string, tool: unknown, more: Partial<Route> = {}): Route => ({ method: "POST", path, tool: any(tool), body: true, ...more });
const patch = (path: string, tool: unknown): Route => ({ method: "PATCH", path, tool: any(tool), body: true });
const act = (path: string, tool: unknown): Route => ({ method: "POST", path, tool: any(tool), body: false });
const remove = (path: string, tool: unknown): Route => ({ method: "DELETE", path, tool: any(tool), body: false });

/** The paths of the predecessor's client, and ours. What each takes and gives is what the tool of MCP takes and gives. */
export const routes: readonly Route[] = [
  post("/dispatches", send, { keyed: true }), post("/dispatches/bulk", send, { keyed: true }), get("/dispatches", list), get("/dispatches/:id", status, { of: "delivery" }),
  get("/dispatches/:id/wait", wait), act("/dispatches/:id/cancel", cancel),
  post("/exec", exec), post("/keys", key), post("/captures", capture), get("/targets", targets), get("/nodes", nodes),
  post("/triage", triageTool), post("/recover", recover, { keyed: true }), post("/fleet/summary", fleetSummaryTool),
  post("/schedules", schedule), post("/loops", loop), get("/schedules", schedules), get("/loops", loops),
  ...["schedules", "loops"].flatMap((kind) => [
    get(`/${kind}/:id`, status, { of: "schedule" }), patch(`/${kind}/:id`, edit), get(`/${kind}/:id/occurrences`, occurrences), act(`/${kind}/:id/cancel`, cancel), act(`/${kind}/:id/pause`, pause), act(`/${kind}/:id/resume`, resume),
    act(`/${kind}/:id/run-now`, runNow), remove(`/${kind}/:id`, clear),
  ]),
  get("/daemon/status", daemonStatusTool), get("/daemon/doctor", daemonDoctor), act("/daemon/start", daemonStart), act("/daemon/ensure", daemonEnsure),
];
