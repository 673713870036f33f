import { grantSchema } from "../access/grant-schema.js";
import type { Grant, Principal } from "../domain/principal.js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { Log } from "../log.js";
import type { IncomingCall } from "../transport/call-gate.js";
import type { Tailnet } from "./tailnet.js";

/**
 * Who calls, by the address of the connection: a user by login name, a tagged machine by its own name. What the tailnet's policy file gives
 * them under the capability are their grants. Whoever tailscale cannot name is nobody.
 */
export function tailnetIdentify(tailnet: Tailnet, capability: string, log: Log): (call: IncomingCall) => Promise<Principal> {
  return async (call) => {
    const caller = await tailnet.whois(call.getPeer()).catch((error: unknown) => {
      throw new DispatchError("unauthenticated", `The tailnet does not tell who calls: ${error instanceof Error ? error.message : ""}`, { cause: error });
    });
    const name = caller.login || caller.machine;
    if (name === "") throw new DispatchError("unauthenticated", "The tailnet knows the caller's address, and no name for it.");
    const grants = caller.capability(capability).flatMap((value): Grant[] => {
      const parsed = grantSchema.safeParse(value);
      if (!parsed.success) log.warn({ name, capability, why: parsed.error.issues[0]?.message ?? "" }, "a grant of the tailnet's policy file is not understood and gives nothing");
      return parsed.success ? [parsed.data] : [];
    });
    return { kind: "tailnet", name, grants };
  };
}
