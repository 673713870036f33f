import type { ResolvedTarget } from "../../core/domain/target.js";
import type { InputGuard } from "../tmux/guarded-input.js";
import type { TmuxServer } from "../tmux/tmux-server.js";
import type { HowToType, Pane, Sight } from "./sight.js";

/** A pane of a tmux server. What types carries all that was seen as its guard, so that a change since the look makes it stale. */
export class TmuxPane implements Pane {
  readonly target: ResolvedTarget;
  readonly #server: TmuxServer;
  readonly #see: (target: ResolvedTarget) => Promise<Sight>;

  constructor(server: TmuxServer, target: ResolvedTarget, see: (target: ResolvedTarget) => Promise<Sight>) {
    this.#server = server;
    this.target = target;
    this.#see = see;
  }

  see(): Promise<Sight> {
    return this.#see(this.target);
  }

  watch(onChange: () => void, onOutput?: (bytes: Buffer) => void): Promise<() => void> {
    return this.#server.watchPane(this.target.paneId, onChange, onOutput);
  }

  type(seen: Sight, text: string, mark: string, { anyCursor, literal }: HowToType): Promise<"typed" | "stale"> {
    const { cursor, ...guard } = guardOf(this.target, seen);
    return this.#server.type({ ...guard, ...(cursor && !anyCursor ? { cursor } : {}), typedMark: seen.screen.typedMark }, text, mark, { literal });
  }

  press(seen: Sight, key: string, mark: string, mustShow: string | undefined): Promise<"pressed" | "stale"> {
    return this.#server.press({ ...guardOf(this.target, seen), typedMark: seen.screen.typedMark, mustShow }, key, mark);
  }

  capture(lines: number): Promise<string> {
    return this.#server.capture(this.target.paneId, lines);
  }

  leaveCopyMode(): Promise<void> {
    return this.#server.leaveCopyMode(this.target.paneId);
  }
}

function guardOf(target: ResolvedTarget, seen: Sight): InputGuard {
  const { screen } = seen;
  const busy = seen.detection.state === "busy" || seen.detection.state === "queued";
  return {
    paneId: target.paneId, panePid: target.panePid, command: screen.command, alternate: screen.alternate,
    // While a turn runs the composer moves with the output, so only an agent at rest has a cursor to hold on to.
    ...(busy ? {} : { cursor: { x: screen.cursorX, y: screen.cursorY } }),
  };
}
