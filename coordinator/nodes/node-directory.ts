import type { NodeSource } from "../../core/domain/fleet.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { wildcard } from "../../core/text/wildcard.js";
import type { NodeStore, StoredNode } from "../store/node-store.js";
import type { NodeClient } from "./node-client.js";

/** A machine as it is configured, registered or found. */
export interface NodeEntry {
  readonly machine: string;
  readonly aliases: readonly string[];
  /** `host:port` */
  readonly address: string;
}

/** A machine as the tailnet tells of it. */
export interface FoundNode extends NodeEntry {
  /** Absent where it is on the tailnet now. */
  readonly offline?: { readonly since?: Date | undefined } | undefined;
}

export interface KnownNode extends FoundNode {
  readonly source: NodeSource;
  readonly client: NodeClient;
}

export interface DirectoryParts {
  /** The node of the coordinator's own machine. */
  readonly local: KnownNode;
  readonly store: NodeStore;
  readonly configured: readonly NodeEntry[];
  /** Whether a node has ever been started on the coordinator's own machine. */
  readonly hasLocal: () => boolean;
  readonly connect: (entry: NodeEntry, source: NodeSource) => NodeClient;
}

/** Every machine that this coordinator knows, by name and alias in any case. What is configured goes before what registers itself. */
export class NodeDirectory {
  readonly #parts: DirectoryParts;
  readonly #remote = new Map<string, KnownNode>();
  /** Machines by each name that they were given, in lower case; made anew when it is needed after a change. */
  #byName: ReadonlyMap<string, KnownNode> | undefined;
  #draining: ReadonlySet<string>;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
    this.#draining = parts.store.draining();
    for (const entry of parts.configured) this.#put(entry, "config");
    for (const entry of parts.store.registered()) this.#put(entry, "joined");
  }

  /** The own machine first. A coordinator without a node beside it knows the others alone. */
  known(): readonly KnownNode[] {
    const remote = [...this.#remote.values()];
    return remote.length === 0 || this.#parts.hasLocal() ? [this.#parts.local, ...remote] : remote;
  }

  /** The node beside this coordinator, where there is one. */
  own(): readonly NodeClient[] {
    return this.known().filter(({ source }) => source === "local").map(({ client }) => client);
  }

  all(): readonly NodeClient[] {
    return this.known().map(({ client }) => client);
  }

  /** Empty, `local` and `localhost` mean the coordinator's own machine. */
  find(machine: string): KnownNode | undefined {
    if (["", "local", "localhost"].includes(machine.toLowerCase())) return this.#parts.local;
    const [only, ...others] = this.#holdersOf(machine);
    return others.length === 0 ? only : undefined;
  }

  /** Those whose name or alias fits, `*` and `?` being wildcards; the one of that name where there is none in it. */
  matching(pattern: string): readonly NodeClient[] {
    if (!/[*?]/.test(pattern)) return [this.forMachine(pattern)];
    const fits = wildcard(pattern.toLowerCase());
    return this.known().filter(({ machine, aliases, client }) => [machine, ...aliases, ...client.aliases].some((name) => fits.test(name.toLowerCase()))).map(({ client }) => client);
  }

  forMachine(machine: string): NodeClient {
    return this.named(machine).client;
  }

  /** The node for a new delivery: `unknown_machine`, or `node_draining`. */
  forNewWork(machine: string): NodeClient {
    const node = this.named(machine);
    if (this.isDraining(node.machine)) {
      throw new DispatchError("node_draining", `${node.machine} is being drained and takes nothing new.`, { metadata: { field: "machine", value: node.machine } });
    }
    return node.client;
  }

  named(machine: string): KnownNode {
    const found = this.find(machine);
    if (found) return found;
    const several = this.#holdersOf(machine).map((node) => node.machine);
    if (several.length > 1) throw new DispatchError("invalid_argument", `machine: "${machine}" is a name of several machines: ${several.join(", ")}.`, { metadata: { field: "machine", value: machine } });
    if (/[*?]/.test(machine)) throw new DispatchError("invalid_argument", `machine: "${machine}" may fit several machines, and one is wanted here.`, { metadata: { field: "machine", value: machine } });
    throw new DispatchError("unknown_machine", `No machine named "${machine}" is known. Where that begins the name of a session, write "local/${machine}/…".`, {
      metadata: { field: "machine", value: machine },
    });
  }

  /** Takes over what a node says of itself. A name that another machine has already is refused. */
  register(node: StoredNode): void {
    // Where the configuration says where it is, that holds.
    if (this.#remote.get(node.machine.toLowerCase())?.source === "config") return;
    for (const name of [node.machine, ...node.aliases]) {
      const holder = this.#givenTo(name);
      if (holder && !(holder.source === "joined" && isNamed(holder, node.machine))) {
        throw new DispatchError("invalid_argument", `machine: another machine, ${holder.machine} (${holder.source}), has the name "${name}".`, { metadata: { field: "machine", value: name } });
      }
    }
    this.#put(node, "joined");
    this.#parts.store.register(node);
  }

  /** Takes over what was found on the tailnet now. A name that another machine has already stays with that one. */
  setFound(found: readonly FoundNode[]): void {
    const free = found.filter((entry) => [entry.machine, ...entry.aliases].every((name) => ["tailnet", undefined].includes(this.#givenTo(name)?.source)));
    const stays = new Set(free.map(({ machine }) => machine.toLowerCase()));
    for (const [key, { source, client }] of this.#remote) {
      if (source !== "tailnet" || stays.has(key)) continue;
      this.#remote.delete(key);
      this.#byName = undefined;
      client.close();
    }
    for (const entry of free) this.#put(entry, "tailnet");
  }

  /** Forgets a machine that joined. */
  remove(machine: string): KnownNode {
    const node = this.named(machine);
    if (node.source !== "joined") {
      throw new DispatchError("invalid_argument", `machine: ${node.machine} did not join; it is known from ${knownFrom[node.source]}.`, { metadata: { field: "machine", value: machine } });
    }
    this.#parts.store.remove(node.machine);
    this.#remote.delete(node.machine.toLowerCase());
    this.#byName = undefined;
    node.client.close();
    return node;
  }

  isDraining(machine: string): boolean {
    return this.#draining.has(machine.toLowerCase());
  }

  setDraining(machine: string, drain: boolean): KnownNode {
    const node = this.named(machine);
    this.#parts.store.setDraining(node.machine, drain);
    this.#draining = this.#parts.store.draining();
    return node;
  }

  close(): void {
    for (const { client } of [this.#parts.local, ...this.#remote.values()]) client.close();
  }

  /** The machine that was given this name: by the configuration, when it joined, or by the tailnet. */
  #givenTo(name: string): KnownNode | undefined {
    this.#byName ??= new Map([this.#parts.local, ...this.#remote.values()].reverse().flatMap((node) => [...node.aliases, node.machine].map((known) => [known.toLowerCase(), node] as const)));
    return this.#byName.get(name.toLowerCase());
  }

  /** Who has this name; where nobody was given it, all who say that they have it. */
  #holdersOf(name: string): readonly KnownNode[] {
    const given = this.#givenTo(name);
    if (given) return [given];
    return [...this.#remote.values()].filter(({ machine, client }) => isNamed({ machine, aliases: client.aliases }, name));
  }

  #put(entry: FoundNode, source: NodeSource): void {
    const key = entry.machine.toLowerCase();
    const before = this.#remote.get(key);
    this.#byName = undefined;
    if (before?.address === entry.address) {
      this.#remote.set(key, { ...entry, source, client: before.client });
      return;
    }
    before?.client.close();
    this.#remote.set(key, { ...entry, source, client: this.#parts.connect(entry, source) });
  }
}

const knownFrom = { local: "this machine itself", config: "the configuration", joined: "its joining", tailnet: "the tailnet" } satisfies Record<NodeSource, string>;

function isNamed({ machine, aliases }: Pick<NodeEntry, "machine" | "aliases">, name: string): boolean {
  const wanted = name.toLowerCase();
  return [machine, ...aliases].some((known) => known.toLowerCase() === wanted);
}
