import { expect } from "vitest";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";
import { Namespaces } from "./namespaces.js";

export interface Machine {
  readonly name: string;
  readonly product: Product;
  readonly address: string;
  readonly link: string;
}

export interface NodeRow {
  readonly machine: string;
  readonly aliases: readonly string[];
  readonly transport: string;
  readonly reachable: boolean;
  readonly detail: string;
  readonly latencyMs: number | null;
  readonly agents: Readonly<Record<string, number>>;
}

/** A coordinator, nodes and clients, each on a machine of its own. */
export class MeshWorld {
  readonly machines: Machine[] = [];
  readonly namespaces = new Namespaces();

  static async with(use: (world: MeshWorld) => Promise<void>): Promise<void> {
    const world = new MeshWorld();
    const used = await Promise.allSettled([world.namespaces.open().then(() => use(world))]);
    // The last made first: a hub that was told of a machine starts the node there again as soon as that is gone.
    for (const { product } of world.machines.toReversed()) product.killDaemon();
    const closed = await Promise.allSettled(world.machines.map(({ product }) => product.close()));
    await world.namespaces.close();
    for (const one of [...used, ...closed]) if (one.status === "rejected") throw one.reason;
  }

  async machine(name: string, config: (address: string) => Record<string, unknown> = () => ({})): Promise<Machine> {
    const { address, link, runner } = await this.namespaces.add();
    const product = await Product.create({ runner, config: { machine: name, ...config(address) } });
    const made = { name, product, address, link };
    this.machines.push(made);
    return made;
  }

  /** The machine of the coordinator, with the CA of a new fleet. */
  async hub(config: Record<string, unknown> = {}): Promise<Machine> {
    const hub = await this.machine("hub", (address) => ({ coordinatorListen: `${address}:7410`, ...config }));
    await ok(hub, ["ca", "init"]);
    await ok(hub, ["up"]);
    return hub;
  }

  /** A machine with agents, joined and started. */
  async node(hub: Machine, name: string, config: Record<string, unknown> = {}): Promise<Machine> {
    const machine = await this.machine(name, (address) => ({ nodeListen: `${address}:7411`, ...config }));
    await this.join(hub, machine, ["node", "token", "--name", name]);
    await ok(machine, ["up"]);
    await this.eventuallyUp(hub, name);
    return machine;
  }

  /** A machine from which somebody uses the fleet. */
  async client(hub: Machine, name: string, role: string): Promise<Machine> {
    const machine = await this.machine(name);
    await this.join(hub, machine, ["client", "token", "--name", name, "--role", role]);
    return machine;
  }

  async join(hub: Machine, machine: Machine, tokenCommand: readonly string[]): Promise<void> {
    const token = await ok(hub, tokenCommand);
    const { code, stdout, stderr } = await machine.product.dispatch(["join", "-"], token);
    expect({ code, stderr, stdout: stdout.slice(0, 20) }).toMatchObject({ code: 0 });
  }

  async nodes(from: Machine): Promise<NodeRow[]> {
    return JSON.parse(await ok(from, ["nodes", "--json"])) as NodeRow[];
  }

  async eventuallyUp(from: Machine, name: string): Promise<void> {
    await eventually(async () => (await this.nodes(from)).some(({ machine, reachable }) => machine === name && reachable), `${name} to be up`, 15_000);
  }
}

/** Runs a command to its end; its standard output. */
export async function ok(machine: Machine, args: readonly string[], stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await machine.product.dispatch(args, stdin);
  if (code !== 0) throw new Error(`${machine.name}: dispatch ${args.join(" ")}: exit ${code}: ${stdout}${stderr}`);
  return stdout;
}
