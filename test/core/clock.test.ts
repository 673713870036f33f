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
