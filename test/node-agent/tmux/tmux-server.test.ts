import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { eventually, startTmux } from "../../testkit/tmux.js";

test("looks, types and presses in a real pane", async () => {
  const tmux = await startTmux(["cat"]);
  const server = await TmuxServer.open(tmux.socketPath, { clock: systemClock, environment: tmux.environment, temporaryFolder: path.join(tmux.folder, "paste") });
  try {
    const [pane] = await server.listPanes();
    if (pane === undefined) throw new Error("no pane");
    const guard = { paneId: pane.paneId, panePid: pane.panePid };
    expect(await server.type(guard, "hello world", "d1")).toBe("typed");
    expect(await server.type(guard, "hello world", "d1")).toBe("stale");
    await eventually(async () => (await server.look(pane.paneId)).rows[0]?.text === "hello world", "the typed text");
    expect(await server.press(guard, "Enter", "p1")).toBe("pressed");
    const screen = await eventually(async () => {
      const seen = await server.look(pane.paneId);
      return seen.rows[1]?.text === "hello world" ? seen : undefined;
    }, "cat's answer");
    expect(screen).toMatchObject({ typedMark: "d1", pressedMark: "p1", dead: false, inMode: false, panePid: pane.panePid, height: 30, cursorY: 2 });
  } finally {
    await server.close();
  }
});
