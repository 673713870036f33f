import { DispatchError } from "../../core/errors/dispatch-error.js";
import { isHostPort, isUnspecified } from "../../core/transport/host-port.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { RegisterNodeRequest, RegisterNodeResponse } from "../../proto/gen/dispatch/v1/fleet.js";
import type { Coordinator } from "../coordinator.js";
import { contract as ourContract } from "../../core/wire/contract.js";

const tellMs = 5_000;
const maxAliases = 16;
/** These stand for the machine that is asked, whichever that is. */
const ownMachine: ReadonlySet<string> = new Set(["local", "localhost"]);
const nodeName = /^[^/\s:*?]{1,253}$/;

/** A node may speak for the machine that its certificate names, and for no other. */
export const registerNode = ({ nodes, enrolment, clock, log }: Coordinator): UnaryHandler<RegisterNodeRequest, RegisterNodeResponse> =>
  async ({ machine, aliases, address, version, contract }, { principal }) => {
    if (principal.kind !== "owner" && !(principal.kind === "node" && principal.name.toLowerCase() === machine.toLowerCase())) {
      throw new DispatchError("policy_denied", `${principal.kind}:${principal.name} may not speak for the machine ${machine}.`, { metadata: { field: "machine", value: machine } });
    }
    if (aliases.length > maxAliases) throw new DispatchError("invalid_argument", `aliases: at most ${maxAliases} further names.`, { metadata: { field: "aliases" } });
    const wrong = [machine, ...aliases].find((name) => !nodeName.test(name) || ownMachine.has(name.toLowerCase()));
    if (wrong !== undefined) throw new DispatchError("invalid_argument", `machine: "${wrong}" is not a name of a machine.`, { metadata: { field: "machine", value: wrong } });
    // It is dialled: by TLS, and in no other way that an address could name.
    if (!isHostPort(address) || isUnspecified(address)) throw new DispatchError("invalid_argument", `address: "${address}" is no host:port at which this coordinator could reach a machine; nodeAddress in its configuration says another.`, { metadata: { field: "address", value: address } });
    if (contract !== ourContract) {
      throw new DispatchError("other_version", `The node of ${machine} (${version}) speaks the contract ${contract}, this coordinator ${ourContract}.`, { metadata: { field: "contract", value: contract } });
    }
    nodes.register({ machine, aliases, address, registeredAt: clock.now() });
    log.info({ machine, address, version }, "a node has registered");
    // It may have been away when certificates were taken back.
    const deadline = new Date(clock.now().getTime() + tellMs);
    nodes.forMachine(machine).updateRevocations([...enrolment.revoked], { deadline }).catch((error: unknown) => log.warn({ machine, error }, "the machine could not be told of revoked certificates"));
    return {};
  };
