import { conversationToWire } from "../../core/wire/conversation.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { ReadConversationRequest, ReadConversationResponse } from "../../proto/gen/dispatch/v1/conversation.js";
import type { Node } from "../node.js";

export const readConversation = (node: Node): UnaryHandler<ReadConversationRequest, ReadConversationResponse> =>
  async ({ target, limit }) => conversationToWire(await node.readConversation(addressFromWire(target), limit));
