import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import { once, type EventEmitter } from "node:events";
import { DispatchError } from "../errors/dispatch-error.js";
import { toStatusAnswer, type StatusAnswer } from "../errors/grpc-error.js";
import type { Principal } from "../domain/principal.js";
import type { CallGate, IncomingCall } from "./call-gate.js";

/** What a handler knows of its call. */
export interface CallContext {
  /** Aborts when the caller hangs up or its deadline passes. */
  readonly signal: AbortSignal;
  /** Absolute; undefined where the caller set none. Pass it on to calls made for this one. */
  readonly deadline: Date | undefined;
  readonly principal: Principal;
}

export type UnaryHandler<Request, Response> = (request: Request, context: CallContext) => Promise<Response>;
export type StreamHandler<Request, Response> = (request: Request, context: CallContext) => AsyncIterable<Response>;

/** Adapts a promise to a call. Handlers throw; the answer is made in one place. */
export function unary<Request, Response>(handler: UnaryHandler<Request, Response>, gate: CallGate): handleUnaryCall<Request, Response> {
  return (call, respond) => {
    admitted(call, gate, (context) => handler(call.request, context)).then(
      (response) => respond(null, response),
      (error: unknown) => respond(answer(error, call, gate)),
    );
  };
}

/** Adapts an async iterable to a call. A caller that hangs up ends the iteration (its `finally` runs). */
export function serverStream<Request, Response>(handler: StreamHandler<Request, Response>, gate: CallGate): handleServerStreamingCall<Request, Response> {
  return (call) => {
    admitted(call, gate, (context) => pump(() => handler(call.request, context), call, context.signal)).then(
      () => call.end(),
      // grpc-js turns an `error` event with code, details and metadata into the status of the stream.
      (error: unknown) => call.emit("error", answer(error, call, gate)),
    );
  };
}

/** Runs a call that its gate lets through, and tells the gate how it ended. */
async function admitted<Result>(call: AnyCall, gate: CallGate, run: (context: CallContext) => Promise<Result>): Promise<Result> {
  const [signal, deadline] = [signalOf(call), deadlineOf(call)];
  const principal = await gate.identify(call);
  const ended = await gate.admit({ rpc: call.getPath(), principal, request: call.request });
  try {
    const result = await run({ signal, deadline, principal });
    ended(undefined, result);
    return result;
  } catch (thrown) {
    // A caller that hung up ends its handler in whatever way that has: it is no failure of ours.
    const error = signal.aborted && !(thrown instanceof DispatchError) ? new DispatchError("interrupted", undefined, { cause: thrown }) : thrown;
    ended(error);
    throw error;
  }
}

/** Returns the last item. */
async function pump<Response>(items: () => AsyncIterable<Response>, call: ServerWritableStream<unknown, Response>, signal: AbortSignal): Promise<Response | undefined> {
  let last: Response | undefined;
  for await (const item of items()) {
    last = item;
    if (signal.aborted) return last;
    if (!call.write(item)) await once(call, "drain", { signal }).catch(() => undefined);
  }
  return last;
}

/** What unary calls and streams have in common. */
interface AnyCall extends EventEmitter, IncomingCall {
  readonly request: unknown;
  getDeadline(): Date | number;
  getPath(): string;
}

function signalOf(call: AnyCall): AbortSignal {
  const controller = new AbortController();
  call.on("cancelled", () => controller.abort());
  return controller.signal;
}

function deadlineOf(call: AnyCall): Date | undefined {
  const deadline = call.getDeadline();
  return deadline instanceof Date ? deadline : Number.isFinite(deadline) ? new Date(deadline) : undefined;
}

function answer(error: unknown, call: AnyCall, { log }: CallGate): StatusAnswer {
  return toStatusAnswer(error, (unknown) => log.error({ error: unknown, path: call.getPath() }, "call failed"));
}
