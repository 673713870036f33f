import { setMaxListeners } from "node:events";
import { Metadata, type CallOptions, type ClientReadableStream, type ClientUnaryCall, type ServiceError } from "@grpc/grpc-js";
import { DispatchError } from "../errors/dispatch-error.js";
import { fromServiceError } from "../errors/grpc-error.js";
import type { Reason } from "../errors/reasons.js";
import { holdableDeadline } from "./holdable-deadline.js";

export interface CallSettings {
  /** Sent with the call. */
  readonly metadata?: Metadata | undefined;
  /** Absolute deadline of the call. */
  readonly deadline?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Reason of the error when nobody answers. */
  readonly unreachable: Reason;
}

export type UnaryMethod<Request, Response> = (
  request: Request, metadata: Metadata, options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

type StreamMethod<Request, Response> = (request: Request, metadata: Metadata, options: Partial<CallOptions>) => ClientReadableStream<Response>;

const optionsOf = ({ deadline }: CallSettings): Partial<CallOptions> => (deadline ? { deadline: holdableDeadline(deadline) } : {});

/** One answer, or a DispatchError. Aborting the signal cancels the call on both ends. */
export function callUnary<Request, Response>(method: UnaryMethod<Request, Response>, request: Request, settings: CallSettings): Promise<Response> {
  const { signal } = settings;
  shareSignal(signal);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new DispatchError("interrupted"));
    const call = begun(() => method(request, settings.metadata ?? new Metadata(), optionsOf(settings), (error, response) => {
      signal?.removeEventListener("abort", cancel);
      if (!error) resolve(response);
      else reject(signal?.aborted ? new DispatchError("interrupted") : fromServiceError(error, settings.unreachable));
    }));
    const cancel = (): void => call.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
  });
}

/** Answers as they come. Leaving the loop, or aborting the signal, cancels the call; an abort ends the loop without an error. */
export async function* callStream<Request, Response>(
  method: StreamMethod<Request, Response>, request: Request, settings: CallSettings,
): AsyncGenerator<Response, void, undefined> {
  const { signal } = settings;
  if (signal?.aborted) return;
  shareSignal(signal);
  const call = begun(() => method(request, settings.metadata ?? new Metadata(), optionsOf(settings)));
  const cancel = (): void => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for await (const response of call) yield response as Response;
  } catch (error) {
    if (!signal?.aborted) throw fromServiceError(error, settings.unreachable);
  } finally {
    signal?.removeEventListener("abort", cancel);
    // The stream reports its own cancellation as an error once nobody listens any more.
    call.on("error", () => undefined);
    call.cancel();
  }
}

/** gRPC throws where its client was closed. */
function begun<Call>(begin: () => Call): Call {
  try {
    return begin();
  } catch (cause) {
    throw new DispatchError("interrupted", "The client was closed.", { cause });
  }
}

/** As many calls as their caller likes may listen to one signal: each takes its listener away when it ends. */
function shareSignal(signal: AbortSignal | undefined): void {
  if (signal) setMaxListeners(0, signal);
}
