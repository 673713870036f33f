import type { Delivery } from "../../core/domain/delivery.js";
import { redact } from "../../core/redaction/redact.js";
import type { Triage } from "./triage.js";

const previewChars = 120;

/** What a recovery would do, or did: a normal send, never forced. */
export interface Recovery {
  readonly schemaVersion: "dispatch.agentRecover.v1";
  /** `planned`: nothing was typed. `failed`: a send was begun and not proven. */
  readonly status: "planned" | "applied" | "refused" | "failed";
  readonly applied: boolean;
  readonly triage: Triage;
  /** The first characters of the prompt, redacted. */
  readonly promptPreview: string;
  readonly detail: string;
  readonly delivery?: Delivery | undefined;
}

/** The plan for a pane, before anything is done. */
export async function planRecovery(triage: Triage, prompt: string): Promise<Recovery> {
  const { action } = triage;
  const refused = !action.safeToApply;
  const detail = refused ? `${action.reason} ${action.advice} Nothing was typed.` : `Would ${action.kind} the prompt: ${action.reason} Nothing was typed; --apply does it.`;
  return { schemaVersion: "dispatch.agentRecover.v1", status: refused ? "refused" : "planned", applied: false, triage, promptPreview: await previewOf(prompt), detail };
}

/** Pure: the plan with what became of its delivery. */
export function recoveryResult(plan: Recovery, delivery: Delivery): Recovery {
  const status = ["delivered", "queued"].includes(delivery.status) ? "applied" : delivery.status === "refused" ? "refused" : "failed";
  return { ...plan, status, applied: status === "applied", detail: delivery.detail, delivery };
}

async function previewOf(prompt: string): Promise<string> {
  const line = (await redact(prompt)).text.replaceAll(/\s+/gu, " ").trim();
  return line.length > previewChars ? `${line.slice(0, previewChars - 1).replace(/[\uD800-\uDBFF]$/u, "")}…` : line;
}
