import { isIdle } from "./composer-text.js";
import type { RealAgentKind } from "./kinds.js";
import type { TestTmux } from "./tmux-server.js";

/** Waits until the agent shows an idle, empty composer on two looks that are alike; throws with the last screen when it does not come. */
export async function waitForComposer(tmux: TestTmux, paneId: string, kind: RealAgentKind, timeoutMs = 40_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  let before = "";
  for (;;) {
    const screen = await tmux.screen(paneId);
    const ready = isIdle(kind, screen);
    if (ready && screen === before) return;
    before = ready ? screen : "";
    if (await tmux.pane(paneId, "#{pane_dead}") === "1") throw new Error(`${kind} ended while starting:\n${screen}`);
    if (Date.now() > end) throw new Error(`${kind} shows no idle composer after ${timeoutMs} ms:\n${screen}`);
    await new Promise((go) => setTimeout(go, 100));
  }
}
