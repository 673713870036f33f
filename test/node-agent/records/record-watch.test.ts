import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { RecordWatch } from "../../../node-agent/records/record-watch.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "record-watch-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A clock whose timers never fire, so that only file events can ring. */
const noTimers = { ...systemClock, after: () => () => undefined };

it("rings for a file that is made later, in folders that are made later", async () => {
  const path = join(folder, "2026", "11", "23", "rollout.jsonl");
  let ring = (): void => undefined;
  const watch = new RecordWatch(() => [path], () => ring(), noTimers);
  const rung = (): Promise<void> => new Promise((resolve) => (ring = resolve));
  try {
    let next = rung();
    mkdirSync(join(folder, "2026"));
    await next;
    next = rung();
    mkdirSync(join(folder, "2026", "11", "23"), { recursive: true });
    await next;
    next = rung();
    writeFileSync(path, "1\n");
    await next;
    next = rung();
    appendFileSync(path, "2\n");
    await next;
  } finally {
    watch.close();
  }
});

it("looks without events too", async () => {
  await new Promise<void>((resolve) => {
    const watch = new RecordWatch(() => [folder], () => {
      watch.close();
      resolve();
    }, { ...systemClock, after: (_ms, action) => systemClock.after(0, action) });
    const keepAlive = setInterval(() => undefined, 1_000);
    setImmediate(() => clearInterval(keepAlive));
  });
});
