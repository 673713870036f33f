import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { DispatchError } from "./dispatch-error.js";
import { decodeDetails, detailsKey, encodeDetails } from "./error-details.js";
import type { Reason } from "./reasons.js";

/** What a server answers in place of a response. */
export interface StatusAnswer {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The one function that decides what leaves the process: of an unknown error nothing but the word `internal`. */
export function toStatusAnswer(error: unknown, onUnknown: (error: unknown) => void): StatusAnswer {
  if (!(error instanceof DispatchError)) onUnknown(error);
  const known = error instanceof DispatchError ? error : new DispatchError("internal");
  const code = status[known.entry.grpc];
  const metadata = new Metadata();
  metadata.set(detailsKey, encodeDetails(code, known));
  return { code, details: known.message, metadata };
}

/** An error of a call, as ours. `unreachable` names what an unanswered call means here. */
export function fromServiceError(error: unknown, unreachable: Reason): DispatchError {
  if (error instanceof DispatchError) return error;
  if (!isServiceError(error)) return new DispatchError("internal", undefined, { cause: error });
  const details = error.metadata?.get(detailsKey)[0];
  const known = details instanceof Buffer ? decodeDetails(details) : undefined;
  return known ?? new DispatchError(reasonOf(error.code, unreachable), undefined, { cause: error });
}

function reasonOf(code: status, unreachable: Reason): Reason {
  switch (code) {
    case status.UNAVAILABLE:
    // A server that is shut down by force ends its streams with CANCELLED.
    case status.CANCELLED: return unreachable;
    case status.DEADLINE_EXCEEDED: return "no_answer";
    case status.UNIMPLEMENTED: return "other_version";
    case status.PERMISSION_DENIED:
    case status.UNAUTHENTICATED: return "policy_denied";
    case status.RESOURCE_EXHAUSTED: return "prompt_too_large";
    default: return "internal";
  }
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
}
