import type { Conversation } from "../domain/conversation.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { Speaker, type ReadConversationResponse } from "../../proto/gen/dispatch/v1/conversation.js";
import { enumCodec } from "./enum-codec.js";
import { resolvedTargetFromWire, resolvedTargetToWire } from "./target.js";

const speaker = enumCodec<"user" | "agent", Speaker>(Speaker, "SPEAKER", "agent");

export function conversationToWire({ target, messages, ...rest }: Conversation): ReadConversationResponse {
  return { ...rest, target: resolvedTargetToWire(target), messages: messages.map((message) => ({ text: message.text, at: message.at, speaker: speaker.toWire(message.speaker) })) };
}

export function conversationFromWire(conversation: ReadConversationResponse | undefined): Conversation {
  if (!conversation) throw new DispatchError("internal", "An answer lacks its conversation.");
  const { target, messages, ...rest } = conversation;
  return { ...rest, target: resolvedTargetFromWire(target), messages: messages.map((message) => ({ ...message, speaker: speaker.fromWire(message.speaker) })) };
}
