import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, it, vi } from "vitest";
import { systemClock } from "../../core/clock.js";

afterEach(() => {
  vi.useRealTimers();
});

it("holds times that one timer of Node cannot", () => {
  vi.useFakeTimers();
  const month = 30 * 86_400_000;
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()];
  systemClock.after(month, first);
  const cancel = systemClock.after(month, second);
  vi.advanceTimersByTime(month - 1);
  expect(first).not.toHaveBeenCalled();
  cancel();
  vi.advanceTimersByTime(1);
  expect(first).toHaveBeenCalledOnce();
  expect(second).not.toHaveBeenCalled();
});

it("a pause keeps the process alive, where nothing else does", async () => {
  const [runTs, waits] = ["../testkit/run-ts.mjs", "./wait-once.ts"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  expect((await promisify(execFile)(process.execPath, [runTs!, waits!])).stdout).toBe("waited\n");
});
