import type { Client } from "@grpc/grpc-js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { Reason } from "../errors/reasons.js";
import { holdableDeadline } from "./holdable-deadline.js";

/** Resolves when the connection stands, or fails with `unreachable` at the deadline. */
export function waitForReady(client: Client, deadline: Date, unreachable: Reason, detail: string | (() => string | undefined) = () => undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    client.waitForReady(holdableDeadline(deadline), (error) => (error ? reject(new DispatchError(unreachable, typeof detail === "string" ? detail : detail(), { cause: error })) : resolve()));
  });
}
