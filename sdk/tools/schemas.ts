import * as z from "zod";
import { selectorFields, type SelectorField } from "../../core/domain/selector.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { parseAddress, resolveTmuxServer } from "../index.js";

/** How a tool is told which pane. */
export const targetInput = {
  target: z.string().describe("session:window.pane, machine/session:window.pane, or a pane id such as %7. Names match exactly."),
  machine: z.string().optional().describe("Machine of the target, where its name is not part of it."),
  server: z.string().optional().describe("tmux server: socket path or -L name. Default: the server this program runs in, else tmux's default."),
};

/** Many panes, by what is in them; `*` and `?` are wildcards. */
export const selector = z.strictObject({ ...Object.fromEntries(selectorFields.map((field) => [field, z.string().optional()])) as Record<SelectorField, z.ZodOptional<z.ZodString>>, server: z.string().optional() })
  .describe("Many targets, by what is in them: agent kind, state, cwd, session, window, machine; * and ? are wildcards.");

/** Many targets, by what the sessions registry of a machine knows. */
export const sessionsInput = {
  source: z.enum(["sessions-query"]).optional().describe("Many targets: those that the sessions registry of machine names."),
  sessionsQuery: z.string().optional().describe("With source: only sessions whose description holds this text."),
};

export const verbose = z.boolean().optional().describe("Everything that is known, not just what is usually needed.");

export function addressOf({ target, machine, server }: { target: string; machine?: string | undefined; server?: string | undefined }): TargetAddress {
  return parseAddress(target, { machine, server: resolveTmuxServer(server) });
}

export const detection = z.looseObject({
  targetKind: z.string(), agentKind: z.string(), state: z.string(), composerState: z.string(),
  canReceivePrompt: z.boolean(), canQueuePrompt: z.boolean(), reason: z.string(),
});

/** A delivery; evidence, steps and the like only where `verbose` was asked for. */
export const delivery = {
  id: z.string(), key: z.string(), kind: z.string(), target: z.string(), machine: z.string(),
  status: z.string().describe("delivered, queued, unconfirmed, withdrawn, refused, failed, cancelled, expired, dry_run, typed, or pending"),
  reason: z.string().nullable(), detail: z.string(), hint: z.string().nullable(), answer: z.string().nullable(),
  evidence: z.looseObject({ source: z.string(), exact: z.boolean() }).nullable(),
};

const compactDetection = ["agentKind", "state", "canReceivePrompt", "canQueuePrompt", "reason"] as const;

/** What is usually needed of a delivery as `deliveryJson` gives it. */
export function compactDelivery(json: Record<string, unknown>, isVerbose: boolean | undefined): Record<string, unknown> {
  if (isVerbose) return json;
  const { id, key, kind, target, machine, status, reason, detail, hint, answer, evidence, output, exitStatus } = json;
  const { source, exact, transformation } = (evidence ?? {}) as Record<string, unknown>;
  return {
    id, key, kind, target, machine, status, reason, detail, hint, answer, evidence: evidence ? { source, exact, transformation } : null,
    ...(json["filter"] !== undefined && { filter: json["filter"], execPlan: json["execPlan"] }), ...(output !== undefined && { output }), ...(exitStatus !== undefined && { exitStatus }),
  };
}

const compactScheduleFields = [
  "id", "kind", "name", "status", "detail", "targets", "select", "sessions", "promptPreview", "at", "cron", "every", "timeZone", "nextRun", "runs", "lastDispatchId", "lastFiredAt", "lastFailureReason", "failureCount",
] as const;

/** What is usually needed of a schedule as `scheduleJson` gives it. */
export function compactSchedule(json: Record<string, unknown>, isVerbose: boolean | undefined): Record<string, unknown> {
  return isVerbose ? json : Object.fromEntries(compactScheduleFields.map((field) => [field, json[field]]));
}

/** What is usually needed of a pane as `targetJson` gives it. */
export function compactTarget(json: Record<string, unknown>, isVerbose: boolean | undefined): Record<string, unknown> {
  if (isVerbose) return json;
  const { target, machine, server, paneId, cwd } = json;
  const found = json["detection"] as Record<string, unknown>;
  return { target, machine, server, paneId, cwd, ...Object.fromEntries(compactDetection.map((key) => [key, found[key]])) };
}

/** How lists are given: so that one that is cut off says so. */
export const listOutput = {
  items: z.array(z.looseObject({})), count: z.number(), limit: z.number().nullable(), hasMore: z.boolean(), compact: z.boolean(), hint: z.string().nullable(),
};

export function listOf(items: Record<string, unknown>[], { limit, verbose: isVerbose }: { limit?: number | undefined; verbose?: boolean | undefined }): Record<string, unknown> {
  const hasMore = limit !== undefined && items.length >= limit;
  const hints = [hasMore && "There may be more: ask with a larger limit.", !isVerbose && items.length > 0 && "verbose gives everything."].filter(Boolean);
  return { items, count: items.length, limit: limit ?? null, hasMore, compact: !isVerbose, hint: hints.join(" ") || null };
}
