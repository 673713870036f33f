import { DispatchError } from "../errors/dispatch-error.js";
import type { TargetAddress } from "./target.js";

/** Reads `[machine/]session[:window[.pane]]` or `[machine/]%id`. Names with a slash of their own need a machine before them. */
export function parseAddress(text: string, named: { machine?: string | undefined; server: string }): TargetAddress {
  const slash = named.machine === undefined ? text.indexOf("/") : -1;
  const machine = named.machine ?? text.slice(0, Math.max(slash, 0));
  const pane = text.slice(slash + 1);
  if (pane.trim() === "" || slash === 0) {
    throw new DispatchError("invalid_argument", `target: "${text}" is not a target; write session:window.pane or a pane id such as %7.`, { metadata: { field: "target", value: text } });
  }
  return { machine, server: named.server, pane };
}

/** Whether it may name several panes: `*` and `?` are wildcards where many targets can be given. */
export function isPattern({ machine, pane }: TargetAddress): boolean {
  return /[*?]/u.test(machine + pane);
}

/** The address as people write it; the tmux server stands apart. */
export function formatAddress({ machine, pane }: TargetAddress): string {
  return machine ? `${machine}/${pane}` : pane;
}
