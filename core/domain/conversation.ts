import { DispatchError } from "../errors/dispatch-error.js";
import type { ResolvedTarget } from "./target.js";

export interface ConversationMessage {
  readonly speaker: "user" | "agent";
  /** Redacted. */
  readonly text: string;
  readonly at?: Date | undefined;
}

/** What was said in one agent session, by the agent's own record. */
export interface Conversation {
  readonly target: ResolvedTarget;
  /** Oldest first. */
  readonly messages: readonly ConversationMessage[];
  readonly sessionId: string;
  /** Secrets that were replaced. */
  readonly redactions: number;
}

const defaultMessages = 50;
const maxMessages = 1000;

/** Messages to read: 0 means the default. */
export function checkedMessageLimit(limit: number): number {
  if (limit === 0) return defaultMessages;
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxMessages) return limit;
  throw new DispatchError("invalid_argument", `limit: must be 1 to ${maxMessages}.`, { metadata: { field: "limit", value: String(limit) } });
}
