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
