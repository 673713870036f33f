import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import { once, type EventEmitter } from "node:events";
import { toStatusAnswer, type StatusAnswer } from "../errors/grpc-error.js";
import type { Log } from "../log.js";

/** What a handler knows of its call. */
export interface CallContext {
  /** Aborts when the caller hangs up or its deadline passes. */
  readonly signal: AbortSignal;
  /** Absolute; undefined where the caller set none. Pass it on to calls made for this one. */
  readonly deadline: Date | undefined;
}

export type UnaryHandler<Request, Response> = (request: Request, context: CallContext) => Promise<Response>;
export type StreamHandler<Request, Response> = (request: Request, context: CallContext) => AsyncIterable<Response>;

/** Adapts a promise to a call. Handlers throw; the answer is made in one place. */
export function unary<Request, Response>(handler: UnaryHandler<Request, Response>, log: Log): handleUnaryCall<Request, Response> {
  return (call, respond) => {
    const context = contextOf(call);
    // A handler that throws before its first await answers like any other.
    (async () => handler(call.request, context))().then(
      (response) => respond(null, response),
      (error: unknown) => respond(answer(error, call, log)),
    );
  };
}

/** Adapts an async iterable to a call. A caller that hangs up ends the iteration (its `finally` runs). */
export function serverStream<Request, Response>(handler: StreamHandler<Request, Response>, log: Log): handleServerStreamingCall<Request, Response> {
  return (call) => {
    const context = contextOf(call);
    pump(() => handler(call.request, context), call, context.signal).then(
      () => call.end(),
      // grpc-js turns an `error` event with code, details and metadata into the status of the stream.
      (error: unknown) => call.emit("error", answer(error, call, log)),
    );
  };
}

async function pump<Response>(items: () => AsyncIterable<Response>, call: ServerWritableStream<unknown, Response>, signal: AbortSignal): Promise<void> {
  for await (const item of items()) {
    if (signal.aborted) return;
    if (!call.write(item)) await once(call, "drain", { signal }).catch(() => undefined);
  }
}

/** What unary calls and streams have in common. */
interface AnyCall extends EventEmitter {
  getDeadline(): Date | number;
  getPath(): string;
}

function contextOf(call: AnyCall): CallContext {
  const controller = new AbortController();
  call.on("cancelled", () => controller.abort());
  const deadline = call.getDeadline();
  const absolute = deadline instanceof Date ? deadline : Number.isFinite(deadline) ? new Date(deadline) : undefined;
  return { signal: controller.signal, deadline: absolute };
}

function answer(error: unknown, call: AnyCall, log: Log): StatusAnswer {
  return toStatusAnswer(error, (unknown) => log.error({ error: unknown, path: call.getPath() }, "call failed"));
}
