import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder, status, type ServerInterceptor } from "@grpc/grpc-js";
import type { Clock } from "../clock.js";

const waitMs = 10_000;

/** Ends calls that send no request in time, and tells of those that are over before their request has come: too large, unreadable, or given up. */
export function firstMessage(clock: Clock, onBroken: (broken: { peer: string; rpc: string; why: string }) => void): ServerInterceptor {
  return (method, call) => {
    let [received, why] = [false, "the call was broken off before its request had come, or its request was too large or unreadable"];
    // Once it is over its address is gone.
    const peer = call.getPeer();
    const cancelWait = clock.after(waitMs, () => {
      why = `no request came within ${waitMs / 1000} s`;
      call.sendStatus({ code: status.DEADLINE_EXCEEDED, details: `Nothing was done: ${why}.` });
    });
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message: unknown, next: (message: unknown) => void) => {
        received = true;
        cancelWait();
        next(message);
      })
      .withOnCancel(() => {
        cancelWait();
        if (!received) onBroken({ peer, rpc: method.path, why });
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };
}
