import type { Clock } from "../../core/clock.js";
import { checkedMessageLimit, type Conversation, type ConversationMessage } from "../../core/domain/conversation.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { redact } from "../../core/redaction/redact.js";
import type { FoundAgent, Pane } from "../delivery/sight.js";
import type { ProcessFacts } from "../processes/process-facts.js";
import type { RecordedConversation, RecordedMessage } from "../records/agent-record.js";
import type { Journal } from "../store/journal.js";

export interface ConversationParts {
  readonly clock: Clock;
  readonly facts: ProcessFacts;
  readonly journal: Pick<Journal, "knownRecord">;
  resolve(address: TargetAddress): Promise<Pane>;
}

/** The last `limit` messages of the agent in a pane, from its own record, redacted. Types nothing. `record_unreadable` where it is not known which record is its. */
export async function readConversation(parts: ConversationParts, address: TargetAddress, limit: number): Promise<Conversation> {
  const wanted = checkedMessageLimit(limit);
  const pane = await parts.resolve(address);
  const { agent, detection } = await pane.see();
  if (!agent) throw new DispatchError(detection.targetKind === "shell" ? "is_shell" : "not_an_agent", "The pane runs no agent, so there is no conversation to read.");
  const recorded = await readRecord(parts, agent, wanted);
  let redactions = 0;
  const messages: ConversationMessage[] = [];
  for (const message of recorded.messages) {
    const redacted = await withoutSecrets(message);
    messages.push(redacted.message);
    redactions += redacted.count;
  }
  return { target: pane.target, messages, sessionId: recorded.sessionId, redactions };
}

async function readRecord({ clock, facts, journal }: ConversationParts, agent: FoundAgent, limit: number): Promise<RecordedConversation> {
  const { adapter, process, tree } = agent;
  const environment = await facts.environment(process.pid);
  if (environment.size === 0) throw new DispatchError("record_unreadable", "The agent's environment cannot be read, so its record cannot be found.");
  const knownRecord = journal.knownRecord(process.pid, process.started);
  let recorded: RecordedConversation | undefined;
  try {
    const record = adapter.openRecord({ process, tree, environment, facts, clock, knownRecord });
    if (record.provesBy === "screen") throw new DispatchError("record_unreadable", `No record of ${adapter.kind} is known; read its screen with \`dispatch capture\`.`);
    recorded = await record.conversation(limit);
  } catch (error) {
    if (error instanceof DispatchError) throw error;
    throw new DispatchError("record_unreadable", `The agent's record cannot be read: ${(error as NodeJS.ErrnoException).code ?? "it is damaged"}.`, { cause: error });
  }
  if (recorded) return recorded;
  const why = "It is not known yet which record is this agent's: nothing was said in it, or nothing was sent to it from here.";
  throw new DispatchError("record_unreadable", `${why} Send it a prompt, or read its screen with \`dispatch capture\`.`);
}

async function withoutSecrets({ speaker, text, at }: RecordedMessage): Promise<{ message: ConversationMessage; count: number }> {
  const redacted = await redact(text);
  return { message: { speaker, text: redacted.text, at }, count: redacted.count };
}
