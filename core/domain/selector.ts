import { wildcard } from "../text/wildcard.js";
import type { DetectedTarget } from "./detection.js";

export const selectorFields = ["agent", "state", "cwd", "session", "window", "machine"] as const;
export type SelectorField = (typeof selectorFields)[number];

/** Panes by what is in them: every field that is given must fit; `*` and `?` are wildcards. */
export type Selector = { readonly [Field in SelectorField]?: string | undefined } & {
  /** Only this tmux server (path or name); all that are found where it is not given. */
  readonly server?: string | undefined;
};

/** `home` is what `~` at the beginning of `cwd` stands for on that machine. */
export function selects(selector: Selector, { target, detection }: DetectedTarget, home: string): boolean {
  const values: Record<SelectorField, string> = {
    agent: detection.agentKind, state: detection.state, cwd: detection.cwd,
    session: target.target.slice(0, target.target.lastIndexOf(":")), window: target.window, machine: target.machine,
  };
  return selectorFields.every((field) => {
    const wanted = selector[field];
    if (!wanted) return true;
    return wildcard(field === "cwd" ? wanted.replace(/^~(?=\/|$)/u, home) : wanted).test(values[field]);
  });
}
