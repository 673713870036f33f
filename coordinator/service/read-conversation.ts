import { conversationToWire } from "../../core/wire/conversation.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { CoordinatorReadConversationRequest, CoordinatorReadConversationResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";

export const readConversation = ({ nodes }: Coordinator): UnaryHandler<CoordinatorReadConversationRequest, CoordinatorReadConversationResponse> =>
  async ({ target, limit }, context) => {
    const address = addressFromWire(target);
    return { conversation: conversationToWire(await nodes.forMachine(address.machine).readConversation(address, limit, context)) };
  };
