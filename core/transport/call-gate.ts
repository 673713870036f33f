import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import type { Metadata } from "@grpc/grpc-js";
import type { Principal } from "../domain/principal.js";
import type { Log } from "../log.js";

/** What of a call tells who makes it. */
export interface IncomingCall {
  readonly metadata: Metadata;
  getPeer(): string;
  getAuthContext(): AuthContext;
}

export type CallEnded = (error: unknown, answer?: unknown) => void;

/** What stands between a listener and the handlers. Each listener has its own. */
export interface CallGate {
  readonly log: Log;
  /** Who calls. Throws `unauthenticated` or `certificate_revoked`. */
  identify(call: IncomingCall): Principal | Promise<Principal>;
  /**
   * Throws `policy_denied`. `rpc` is the full path, `/dispatch.v1.NodeAgent/Deliver`. What comes back is told how the call ended: with an
   * error, or with its answer, the last one of a stream.
   */
  admit(call: { readonly rpc: string; readonly principal: Principal; readonly request: unknown }): CallEnded | Promise<CallEnded>;
}
