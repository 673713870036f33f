import type { Config } from "../core/config/config.js";
import type { TargetAddress } from "../core/domain/target.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { formatAddress, parseAddress } from "../core/domain/target-address.js";
import { resolveTmuxServer } from "./tmux-server.js";

/** `session:window.pane`, `machine/…` or a pane id; or an address in its parts. */
export type TargetLike = string | TargetAddress;

/** Names of the machine that a client and its coordinator share; none where the coordinator is on another one. */
export function localNames({ machine, aliases }: Pick<Config, "machine" | "aliases">): ReadonlySet<string> {
  return new Set(["", "local", "localhost", ...[machine, ...aliases].map((name) => name.toLowerCase())]);
}

/**
 * The caller's own tmux server is meant on its own machine alone: on another one it is that machine's default. Where the coordinator is on
 * another machine, no target is without one: who leaves it out means a pane beside them, and not one over there.
 */
export function toAddress(target: TargetLike, local: ReadonlySet<string>): TargetAddress {
  const ours = resolveTmuxServer(undefined);
  const address = typeof target === "string" ? parseAddress(target, { server: ours }) : wholeAddress(target, ours);
  if (local.size === 0 && ["", "local", "localhost"].includes(address.machine.toLowerCase())) {
    throw new DispatchError("invalid_argument", `target: "${formatAddress(address)}" names no machine, and this user's coordinator is on another one; write machine/${address.pane}. \`dispatch targets\` lists them.`, { metadata: { field: "target", value: formatAddress(address) } });
  }
  return address.server === ours && !local.has(address.machine.toLowerCase()) ? { ...address, server: "" } : address;
}

/** Callers without types may leave out what an address has by default. */
function wholeAddress(target: Partial<TargetAddress> | undefined | null, ours: string): TargetAddress {
  const { machine = "", server = ours, pane } = target ?? {};
  if ([machine, server, pane].every((part) => typeof part === "string") && pane !== undefined && pane !== "") return { machine, server, pane };
  throw new DispatchError("invalid_argument", "target: write session:window.pane or a pane id such as %7, or an address with its pane.", { metadata: { field: "target" } });
}
