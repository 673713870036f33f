import type { Conversation } from "../../core/domain/conversation.js";

export function conversationJson({ target, sessionId, messages, redactions }: Conversation): Record<string, unknown> {
  return {
    target: target.target, machine: target.machine, pane: target, sessionId, redactions,
    messages: messages.map(({ speaker, text, at }) => ({ speaker, text, at: at ?? null })),
  };
}
