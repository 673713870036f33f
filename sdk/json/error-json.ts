import type { DispatchError } from "../../core/errors/dispatch-error.js";

/** An error as programs read it. */
export function errorJson({ reason, message: detail, hint, metadata }: DispatchError): Record<string, unknown> {
  return { reason, detail, hint, metadata };
}

/** An error of a send in the shape of a delivery, so that there is one shape to read. Where no answer came, nobody knows what became of it. */
export function failedDeliveryJson(error: DispatchError): Record<string, unknown> {
  const { reason, message: detail, hint, metadata } = error;
  return {
    id: metadata["delivery"] ?? null, key: metadata["key"] ?? null, target: metadata["target"] ?? null, machine: metadata["machine"] ?? null,
    status: reason === "no_answer" ? "unconfirmed" : isRefusal(error) ? "refused" : "failed", reason, detail, hint, evidence: null, detection: null, steps: [], timings: { totalMs: 0, between: [] },
  };
}

/** Nothing was typed, and nothing of ours broke. */
function isRefusal(error: DispatchError): boolean {
  return ["INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION", "ALREADY_EXISTS", "PERMISSION_DENIED"].includes(error.entry.grpc);
}
