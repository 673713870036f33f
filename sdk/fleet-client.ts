import type { FleetNode } from "../core/domain/fleet.js";
import type { UnaryMethod } from "../core/transport/calls.js";
import { fleetNodeFromWire } from "../core/wire/fleet.js";
import type { CoordinatorClient } from "../proto/gen/dispatch/v1/coordinator.js";

interface Call {
  readonly signal?: AbortSignal | undefined;
}

export interface FleetParts {
  readonly client: CoordinatorClient;
  /** Asks once more where the coordinator went away and came back. */
  readonly ask: <Request, Response>(method: UnaryMethod<Request, Response>, request: Request, options: Call) => Promise<Response>;
}

/** The machines of the fleet: `DispatchClient.fleet`. */
export class FleetClient {
  readonly #parts: FleetParts;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** Every machine, asked at the same time; with `countAgents` its agents by state. */
  async nodes({ countAgents = false, ...call }: { countAgents?: boolean } & Call = {}): Promise<FleetNode[]> {
    const { client, ask } = this.#parts;
    return (await ask(client.listNodes.bind(client), { countAgents }, call)).nodes.map(fleetNodeFromWire);
  }

  /** From now on the machine takes nothing new, or with `false` takes it again. Returns how many deliveries of it have no end yet. */
  async drain(machine: string, drain = true, call: Call = {}): Promise<number> {
    const { client, ask } = this.#parts;
    return (await ask(client.drainNode.bind(client), { machine, drain }, call)).openDeliveries;
  }

  /** Forgets a machine that joined; its certificate stays valid until it is revoked. */
  async remove(machine: string, call: Call = {}): Promise<void> {
    const { client, ask } = this.#parts;
    await ask(client.removeNode.bind(client), { machine }, call);
  }
}
