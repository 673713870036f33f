import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
let counter = 0;

/** Machines as network namespaces on one bridge; every name is of this process, and all of it is taken away again. */
export class Namespaces {
  readonly #id = `${(process.pid % 46_656).toString(36)}${(counter++).toString(36)}`;
  readonly #subnet = `10.${100 + (process.pid % 100)}.${(process.pid >> 7) % 250}`;
  readonly #names: string[] = [];

  /** Why namespaces cannot be made here; undefined where they can. */
  static async whyNot(): Promise<string | undefined> {
    const name = `dtry${process.pid}`;
    try {
      await run("ip", ["netns", "add", name]);
      await run("ip", ["netns", "del", name]);
      return undefined;
    } catch (error) {
      return `network namespaces cannot be made here: ${(error as Error).message.split("\n")[1] ?? (error as Error).message}`;
    }
  }

  async open(): Promise<void> {
    await run("ip", ["link", "add", this.#bridge, "type", "bridge"]);
    await run("ip", ["link", "set", this.#bridge, "up"]);
  }

  /** A machine with an address of its own on the bridge; returns that, and the words that run a command there. */
  async add(): Promise<{ address: string; runner: readonly string[]; link: string }> {
    const index = this.#names.length + 1;
    const [name, link] = [`d${this.#id}n${index}`, `d${this.#id}v${index}`];
    this.#names.push(name);
    const address = `${this.#subnet}.${index}`;
    await run("ip", ["netns", "add", name]);
    await run("ip", ["link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name]);
    await run("ip", ["link", "set", link, "master", this.#bridge, "up"]);
    await run("ip", ["-n", name, "addr", "add", `${address}/24`, "dev", "eth0"]);
    for (const device of ["eth0", "lo"]) await run("ip", ["-n", name, "link", "set", device, "up"]);
    return { address, link, runner: ["ip", "netns", "exec", name] };
  }

  /** Pulls the cable of a machine, or puts it back. */
  async plug(link: string, isUp: boolean): Promise<void> {
    await run("ip", ["link", "set", link, isUp ? "up" : "down"]);
  }

  async close(): Promise<void> {
    for (const name of this.#names) await run("ip", ["netns", "del", name]).catch(() => undefined);
    await run("ip", ["link", "del", this.#bridge]).catch(() => undefined);
  }

  get #bridge(): string {
    return `d${this.#id}b`;
  }
}
