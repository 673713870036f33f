import { subjectOf, type Principal, type Role } from "../domain/principal.js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { Log } from "../log.js";
import type { CallGate, IncomingCall } from "../transport/call-gate.js";
import { readBehalfOf } from "./behalf-of.js";
import { decide, hasSomewhere, isUnlimited, type AccessObject, type SubjectGrant } from "./decide.js";
import { requiredRole } from "./required-role.js";

export interface NetworkGateParts {
  readonly log: Log;
  /** Who is at the other end of the connection. */
  readonly identify: (call: IncomingCall) => Principal | Promise<Principal>;
  readonly grants: readonly SubjectGrant[];
  /** Methods for which grants that are narrowed are held against their object further on: by a handler, or by the node. */
  readonly decidedFurtherOn: ReadonlySet<string>;
  /**
   * What any other call is about; empty where that cannot be told. It may set the request's target to the very pane that was looked at, so
   * that what was allowed is what is done.
   */
  readonly objectOf: (request: unknown) => Promise<AccessObject>;
}

/** Calls that are no matter of roles, by who may make them. */
const ownCalls: Readonly<Partial<Record<Principal["kind"], readonly string[]>>> = {
  joiner: ["Enrol"], node: ["RegisterNode", "RenewCertificate"], client: ["RenewCertificate"], coordinator: ["RenewCertificate"],
};

/** Nothing is allowed that nothing allows. The owner of a unix socket is allowed everything, unless it calls for somebody else. */
export function networkGate({ log, identify, grants, decidedFurtherOn, objectOf }: NetworkGateParts): CallGate {
  const denied = (principal: Principal, rpc: string, why: string): DispatchError => {
    const subject = subjectOf(principal);
    log.warn({ subject, rpc, why }, "a call was refused");
    return new DispatchError("policy_denied", `${why}.`, { metadata: { subject, rpc } });
  };
  const decideRole = async (actor: Principal, role: Role, rpc: string, method: string, request: unknown): Promise<void> => {
    // A coordinator that calls for itself does what the fleet's owner wants.
    if (actor.kind === "coordinator" || isUnlimited(actor, role, grants)) return;
    if (hasSomewhere(actor, role, grants) && decidedFurtherOn.has(method)) return;
    const object = hasSomewhere(actor, role, grants) ? await objectOf(request) : {};
    const { allowed, why } = decide(actor, role, object, grants);
    if (!allowed) throw denied(actor, rpc, why);
  };
  const mayRepresent = (caller: Principal): boolean =>
    caller.kind === "owner" || caller.kind === "coordinator" || (caller.kind === "tailnet" && isUnlimited(caller, "admin", grants));
  return {
    log,
    async identify(call) {
      const caller = await identify(call);
      const behalfOf = readBehalfOf(call.metadata);
      if (!behalfOf) return caller;
      if (!mayRepresent(caller)) throw denied(caller, "", `${subjectOf(caller)} may not call for somebody else`);
      return { ...caller, behalfOf };
    },
    async admit({ rpc, principal, request }) {
      if (principal.kind === "owner" && !principal.behalfOf) return () => undefined;
      const role = requiredRole(rpc);
      const method = rpc.split("/")[2] ?? "";
      if (role === undefined) throw denied(principal, rpc, `${method || "This call"} may not be made over the network`);
      if (role === "self" || role === "coordinator") {
        // What stands for a coordinator on the tailnet is an admin there.
        const isCoordinator = role === "coordinator" && mayRepresent(principal);
        if (principal.kind !== "owner" && !isCoordinator && !ownCalls[principal.kind]?.includes(method)) throw denied(principal, rpc, `${subjectOf(principal)} may not make the call ${method}`);
      } else await decideRole(principal.behalfOf ?? principal, role, rpc, method, request);
      return () => undefined;
    },
  };
}
