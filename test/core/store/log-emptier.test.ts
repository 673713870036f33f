import { beforeEach, expect, it } from "vitest";
import { LogEmptier } from "../../../core/store/log-emptier.js";
import { FakeClock } from "../../testkit/fake-clock.js";

let clock: FakeClock;
let emptied: number[];
let log: LogEmptier;
beforeEach(() => {
  clock = new FakeClock("2026-11-30T00:00:00Z");
  emptied = [];
  log = new LogEmptier({ open: true, pragma: () => emptied.push(clock.monotonicMs()) }, clock);
});
const pass = (ms: number): Promise<void> => clock.advance(ms, async () => undefined);

it("empties once it was quiet for a while, and once only", async () => {
  log.soon();
  await pass(300);
  log.soon();
  await pass(5_000);
  expect(emptied).toEqual([800]);
});

it("waits for quiet again where somebody begins, but has nothing to do before something was dropped", async () => {
  log.notNow();
  await pass(1_000);
  expect(emptied).toEqual([]);
  log.soon();
  await pass(400);
  log.notNow();
  await pass(1_000);
  expect(emptied).toEqual([1_900]);
});

it("lets nothing stay longer than 5 s, however much goes on", async () => {
  log.soon();
  for (let ms = 0; ms < 6_000; ms += 100) {
    await pass(100);
    log.notNow();
    if (ms % 1_000 === 0) log.soon();
  }
  expect(emptied[0]).toBe(5_000);
});
