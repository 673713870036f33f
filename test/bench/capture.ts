// `npm run bench:capture`: 2,000 lines of a pane, redacted, as the node does it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../core/clock.js";
import type { Detection } from "../../core/domain/detection.js";
import { capturePaneText } from "../../node-agent/capture/capture-pane-text.js";
import { TmuxServer } from "../../node-agent/tmux/tmux-server.js";
import { TestTmux } from "../testkit/real-agents/tmux-server.js";
import { budgetLine, figure, figureLine, percentile } from "./statistics.js";

const dir = await mkdtemp(join(tmpdir(), "bench-"));
const tmux = new TestTmux(join(dir, "tmux.sock"));
const command = ["sh", "-c", `i=0; while [ $i -lt 3000 ]; do echo "  const value$i = await read(path.join(root, 'src')); // line $i, token=abc123def$i"; i=$((i+1)); done; echo end; exec cat`];
await tmux.run("-f", "/dev/null", "new-session", "-d", "-s", "keep", ";", "set-option", "-g", "history-limit", "10000");
const { paneId } = await tmux.open({ session: "bench", window: "one", cwd: dir, width: 120, height: 50, command });
const server = await TmuxServer.open(tmux.socket, { clock: systemClock, environment: process.env, temporaryFolder: join(dir, "paste") });
try {
  while (!(await server.capture(paneId, 5)).includes("end"));
  const target = { machine: "here", server: tmux.socket, paneId, target: "bench:0.0", panePid: 1, window: "one", active: true, width: 120, height: 50 };
  const place = { target, capture: (lines: number) => server.capture(paneId, lines), detect: () => Promise.resolve({} as Detection) };
  const times: number[] = [];
  for (let round = 0; round < 35; round++) {
    const began = performance.now();
    const { lines, redactions } = await capturePaneText(place, 2_000, systemClock);
    if (lines !== 2_000 || redactions < 1_990) throw new Error(`${lines} lines, ${redactions} redactions`);
    // The first ones are not warm.
    if (round >= 5) times.push(performance.now() - began);
  }
  process.stdout.write(`${figureLine(figure("capture 2,000 lines, redacted", times))}\n\n${budgetLine("capture 2,000 lines, redacted, p50", percentile(times, 50), 25, "ms")}\n`);
} finally {
  await server.close();
  await tmux.kill();
  await rm(dir, { recursive: true, force: true });
}
