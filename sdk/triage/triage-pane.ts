import { systemClock } from "../../core/clock.js";
import type { Captured } from "../../core/domain/captured.js";
import type { Delivery, OnBusy, OnDraft } from "../../core/domain/delivery.js";
import type { DetectedTarget } from "../../core/domain/detection.js";
import type { TargetLike } from "../to-address.js";
import { excerptOf } from "./excerpt.js";
import { fleetSummary, type FleetSummary } from "./fleet-summary.js";
import { planRecovery, recoveryResult, type Recovery } from "./recover.js";
import { triage, type Triage } from "./triage.js";

const excerptLines = 100;
const defaultExcerptChars = 1200;
const defaultPanes = 50;

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What of a client is used here. */
export interface TriageParts {
  detect(target: TargetLike, call: CallOptions): Promise<DetectedTarget>;
  capture(request: { target: TargetLike; lines: number } & CallOptions): Promise<Captured>;
  send(request: { target: TargetLike; prompt: string; key: string | undefined; onBusy: OnBusy; onDraft: OnDraft; timeoutMs?: number } & CallOptions): PromiseLike<Delivery>;
  targets(request: { machine: string; server?: string } & CallOptions): Promise<DetectedTarget[]>;
}

export interface TriageRequest extends CallOptions {
  readonly target: TargetLike;
  /** False does not count the agent's own queue as a way in. */
  readonly allowQueue?: boolean | undefined;
  /** Characters of the end of the screen, redacted; 0 for none, 1200 where not given. */
  readonly excerptChars?: number | undefined;
}

export interface RecoverRequest extends Omit<TriageRequest, "excerptChars"> {
  readonly prompt: string;
  /** Without it there is a plan alone, and nothing is typed. */
  readonly apply?: boolean | undefined;
  readonly key?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface FleetSummaryRequest extends CallOptions {
  /** Only what fits one of these; `*` and `?` are wildcards. */
  readonly targets?: readonly string[] | undefined;
  readonly machine?: string | undefined;
  readonly server?: string | undefined;
  /** Panes that are told of, those first that need a look; 50 where not given. */
  readonly limit?: number | undefined;
}

/** What is wrong with a pane, and what would be safe to do with a prompt. Types nothing. */
export async function triagePane(client: TriageParts, { target, allowQueue, excerptChars = defaultExcerptChars, signal }: TriageRequest): Promise<Triage> {
  const found = triage(await client.detect(target, { signal }), { allowQueue });
  if (excerptChars === 0) return found;
  return { ...found, excerpt: await excerptOf((await client.capture({ target, lines: excerptLines, signal })).text, excerptChars) };
}

/** Plans what would get an agent going again; with `apply`, does it by a normal send, never forced. */
export async function recoverPane(client: TriageParts, { target, prompt, apply = false, key, timeoutMs, ...look }: RecoverRequest): Promise<Recovery> {
  const plan = await planRecovery(await triagePane(client, { ...look, target, excerptChars: 0 }), prompt);
  const { action } = plan.triage;
  if (!apply || action.kind === "refuse") return plan;
  // Whatever changed since the look is seen by the delivery itself.
  const onBusy = action.kind === "queue" ? "queue" : "refuse";
  return recoveryResult(plan, await client.send({ target, prompt, key, signal: look.signal, onBusy, onDraft: "refuse", ...(timeoutMs !== undefined && { timeoutMs }) }));
}

/** How all agents stand, those first that need a look. */
export async function summarizeFleet(client: TriageParts, { targets = [], machine = "", server, limit = defaultPanes, signal }: FleetSummaryRequest = {}): Promise<FleetSummary> {
  return fleetSummary(await client.targets({ machine, ...(server !== undefined && { server }), signal }), { targets, limit }, systemClock.now());
}
