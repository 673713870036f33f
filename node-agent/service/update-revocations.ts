import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { UpdateRevocationsRequest, UpdateRevocationsResponse } from "../../proto/gen/dispatch/v1/enrolment.js";

export const updateRevocations = (onRevocations: (serials: readonly string[]) => void): UnaryHandler<UpdateRevocationsRequest, UpdateRevocationsResponse> =>
  async ({ serials }) => {
    onRevocations(serials);
    return {};
  };
