import type { ResolvedTarget } from "../../core/domain/target.js";

/** Every way in which an address can name this pane on its own tmux server. Those that name a window or a session may name other panes too. */
export function namesOfPane({ target, paneId, window }: Pick<ResolvedTarget, "target" | "paneId" | "window">): readonly string[] {
  const [, session = "", windowIndex = "", paneIndex = ""] = /^(.*):(\d+)\.(\d+)$/su.exec(target) ?? [];
  return [paneId, target, `${session}:${window}.${paneIndex}`, `${session}:${windowIndex}`, `${session}:${window}`, session];
}
