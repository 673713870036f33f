import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { NodeClient } from "./node-client.js";

/** The nodes that this coordinator knows, by machine. The first is the one on the coordinator's own machine. */
export class NodeDirectory {
  readonly #nodes: readonly [NodeClient, ...NodeClient[]];

  constructor(nodes: readonly [NodeClient, ...NodeClient[]]) {
    this.#nodes = nodes;
  }

  all(): readonly NodeClient[] {
    return this.#nodes;
  }

  /** Empty, `local` and `localhost` mean the coordinator's own machine. */
  forMachine(machine: string): NodeClient {
    if (["", "local", "localhost"].includes(machine)) return this.#nodes[0];
    const found = this.#nodes.find((node) => node.machine.toLowerCase() === machine.toLowerCase());
    if (found) return found;
    throw new DispatchError("unknown_machine", `No machine named "${machine}" is known. For a session with a slash in its name write "local/${machine}/…".`, {
      metadata: { field: "machine", value: machine },
    });
  }

  close(): void {
    for (const node of this.#nodes) node.close();
  }
}
