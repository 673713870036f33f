import { BadRequest, ErrorInfo, PreconditionFailure, ResourceInfo, RetryInfo } from "../../proto/gen/google/rpc/error_details.js";
import { Status } from "../../proto/gen/google/rpc/status.js";
import type { Any } from "../../proto/gen/google/protobuf/any.js";
import { DispatchError } from "./dispatch-error.js";
import { reasons, type Reason } from "./reasons.js";

/** Trailer that holds a serialized `google.rpc.Status`. */
export const detailsKey = "grpc-status-details-bin";

const domain = "dispatch";
const retryDelaySeconds = 1n;

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  fromPartial(object: Partial<T>): T;
}

function pack<T>(type: string, codec: Codec<T>, value: Partial<T>): Any {
  return { typeUrl: `type.googleapis.com/google.rpc.${type}`, value: Buffer.from(codec.encode(codec.fromPartial(value)).finish()) };
}

/** The details of `google.rpc` that fit the error's gRPC status. */
export function encodeDetails(code: number, error: DispatchError): Buffer {
  const { reason, metadata, message } = error;
  const details = [pack("ErrorInfo", ErrorInfo, { reason, domain, metadata: { ...metadata } })];
  if (error.entry.grpc === "INVALID_ARGUMENT") {
    details.push(pack("BadRequest", BadRequest, { fieldViolations: [{ field: metadata["field"] ?? "", description: message }] }));
  }
  if (error.entry.grpc === "FAILED_PRECONDITION") {
    details.push(pack("PreconditionFailure", PreconditionFailure, { violations: [{ type: reason, subject: metadata["target"] ?? "", description: message }] }));
  }
  if (error.entry.grpc === "NOT_FOUND") {
    details.push(pack("ResourceInfo", ResourceInfo, { resourceType: metadata["field"] ?? "", resourceName: metadata["value"] ?? "", owner: "", description: message }));
  }
  if (error.retryable) details.push(pack("RetryInfo", RetryInfo, { retryDelay: { seconds: retryDelaySeconds, nanos: 0 } }));
  return Buffer.from(Status.encode({ code, message, details }).finish());
}

/** The error that `encodeDetails` wrote; undefined where the bytes hold none of ours. */
export function decodeDetails(bytes: Uint8Array): DispatchError | undefined {
  const status = Status.decode(bytes);
  const packed = status.details.find((detail) => detail.typeUrl.endsWith("/google.rpc.ErrorInfo"));
  const info = packed && ErrorInfo.decode(packed.value);
  if (info?.domain !== domain || !Object.hasOwn(reasons, info.reason)) return undefined;
  return new DispatchError(info.reason as Reason, status.message, { metadata: info.metadata });
}
