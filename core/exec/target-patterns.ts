import type { ResolvedTarget } from "../domain/target.js";

/**
 * Whether a pane is among those of a policy: `machine/session:window.pane` or `session:window.pane`, where `*` stands for any text and
 * windows and panes are numbers (a program in the pane can rename its window). What the caller typed plays no part.
 */
export function isAllowedTarget({ machine, target }: Pick<ResolvedTarget, "machine" | "target">, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const whole = new RegExp(`^${pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, "\\$&")).join(".*")}$`, "su");
    return whole.test(target) || whole.test(`${machine}/${target}`);
  });
}
