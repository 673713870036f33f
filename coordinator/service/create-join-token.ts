import { DispatchError } from "../../core/errors/dispatch-error.js";
import { isHostPort, isUnspecified } from "../../core/transport/host-port.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { durationFromWire } from "../../core/wire/duration.js";
import { certificateKind, rolesFromWire } from "../../core/wire/enrolment.js";
import type { CreateJoinTokenRequest, CreateJoinTokenResponse } from "../../proto/gen/dispatch/v1/enrolment.js";
import type { Coordinator } from "../coordinator.js";

const minuteMs = 60_000;
const [leastMs, mostMs, usualMs] = [minuteMs, 7 * 24 * 60 * minuteMs, 60 * minuteMs];

export const createJoinToken = ({ enrolment, networkAddress }: Coordinator): UnaryHandler<CreateJoinTokenRequest, CreateJoinTokenResponse> =>
  async ({ kind: wireKind, name, roles: words, life, address: asked }) => {
    const kind = certificateKind.fromWire(wireKind);
    const roles = rolesFromWire(words);
    if (kind !== "node" && kind !== "client") throw refused("kind", "a token is for a node or for a client.");
    if (kind === "node" && roles.length > 0) throw refused("roles", "a node has none.");
    if (kind === "client" && roles.length === 0) throw refused("roles", "say what the client may do: observe, send, exec or admin.");
    const lifeMs = life ? durationFromWire(life) : usualMs;
    if (lifeMs < leastMs || lifeMs > mostMs) throw refused("life", "a token is good for 1 minute to 7 days.");
    const address = asked || networkAddress() || "";
    if (!isHostPort(address) || isUnspecified(address)) {
      throw refused("address", "say at which host:port the machine will reach this coordinator (--address); it takes calls from other machines where coordinatorListen is configured.");
    }
    const { token, expiresAt } = await enrolment.createToken({ kind, name, roles, lifeMs, address });
    return { token, expiresAt };
  };

function refused(field: string, why: string): DispatchError {
  return new DispatchError("invalid_argument", `${field}: ${why}`, { metadata: { field } });
}
