import type { Clock } from "../clock.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { parseStatus, type TailnetStatus } from "./parse-status.js";
import { parseWhois, type TailnetCaller } from "./parse-whois.js";
import { runTailscale } from "./run-tailscale.js";

/** So long an answer of whois is believed: a change of the tailnet's policy takes effect within it. */
const whoisMs = 5_000;
const maxKnown = 1_000;

/** The tailnet of this machine, through its command line. */
export class Tailnet {
  readonly #clock: Clock;
  readonly #run: (args: readonly string[]) => Promise<string>;
  readonly #callers = new Map<string, { until: number; caller: Promise<TailnetCaller> }>();

  constructor(clock: Clock, run: (args: readonly string[]) => Promise<string> = runTailscale) {
    this.#clock = clock;
    this.#run = run;
  }

  /** First line of `tailscale version`, such as `1.98.9`. */
  async version(): Promise<string> {
    return (await this.#run(["version"])).split("\n")[0]?.trim() ?? "";
  }

  /** `tailnet_unavailable` where this machine is not on a tailnet now. */
  async status(): Promise<TailnetStatus> {
    const status = parseStatus(await this.#run(["status", "--json"]));
    if (status.state !== "Running") throw new DispatchError("tailnet_unavailable", `tailscale does not run here: its state is ${status.state || "unknown"}.`);
    return status;
  }

  /** This machine's own address, IPv4 where it has one. */
  async ownAddress(): Promise<string> {
    const addresses = (await this.#run(["ip"])).split("\n").map((line) => line.trim()).filter((line) => line !== "");
    const address = addresses.find((one) => !one.includes(":")) ?? addresses[0];
    if (address === undefined) throw new DispatchError("tailnet_unavailable", "This machine has no address on the tailnet.");
    return address;
  }

  /** Who is behind `ip:port`, as sockets write it, IPv6 without brackets too; believed for a few seconds, so that a stream of calls asks once. */
  whois(peer: string): Promise<TailnetCaller> {
    const ip = hostOf(peer);
    const now = this.#clock.now().getTime();
    const known = this.#callers.get(ip);
    if (known && known.until > now) return known.caller;
    if (this.#callers.size >= maxKnown) this.#callers.clear();
    const caller = this.#run(["whois", "--json", ip]).then(parseWhois);
    this.#callers.set(ip, { until: now + whoisMs, caller });
    // What failed is asked again.
    caller.catch(() => this.#callers.delete(ip));
    return caller;
  }
}

/** Of `100.64.0.1:4711`, `[fd7a::1]:4711`, `fd7a::1:4711`, and of an IPv4 address alone. */
function hostOf(peer: string): string {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::\d+)?$/.exec(peer)?.[1];
  const host = bracketed ?? peer.replace(/:\d+$/, "");
  // It becomes an argument of a command: nothing but an address may.
  if (!/^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:.]+)$/.test(host)) throw new DispatchError("unauthenticated", `The caller's address ${JSON.stringify(peer)} is not one of a tailnet.`);
  return host;
}
