import { expect, it } from "vitest";
import { withGoalPrefix } from "../../../core/domain/goal-prefix.js";
import { configuredKeyDelayMs } from "../../../cli/send/key-delay.js";

it("waits for nothing where none of the delay variables is set", () => {
  expect(configuredKeyDelayMs("x".repeat(8000), {})).toBe(0);
});

// The predecessor's own figures, with its own defaults for what is not set.
it.each([["", 150], ["hi", 160], ["run the tests", 185], ["word ".repeat(100), 1350], ["x".repeat(8000), 4000]])("reckons as the predecessor did: %#", (prompt, delayMs) => {
  expect(configuredKeyDelayMs(prompt, { minDelayMs: 150 })).toBe(delayMs);
});

it("never waits less than the least, also where the most is less", () => {
  expect(configuredKeyDelayMs("hi", { minDelayMs: 500, maxDelayMs: 100 })).toBe(500);
});

it.each([["ship it", "/goal ship it"], ["/goal ship it", "/goal ship it"], ["/goal", "/goal"], ["/goals", "/goal /goals"], [" /goal x", "/goal  /goal x"]])("makes a goal of %j", (prompt, goal) => {
  expect(withGoalPrefix(prompt)).toBe(goal);
});
