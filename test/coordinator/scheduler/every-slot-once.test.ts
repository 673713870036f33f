import fc from "fast-check";
import { expect, it } from "vitest";
import { nextSlots } from "../../../core/schedule/next-slot.js";
import type { Timing } from "../../../core/domain/schedule.js";
import type { ScheduleRequest } from "../../../sdk/schedules.js";
import { SchedulerWorld } from "./scheduler-world.js";

const start = new Date("2026-10-31T23:30:00Z");

const timings = fc.oneof(
  fc.integer({ min: 5, max: 180 }).map((seconds) => ({ every: seconds * 1000 })),
  fc.constantFrom("* * * * *", "*/2 * * * *", "30 1 * * *", "0,20,40 * * * *").map((cron) => ({ cron })),
  fc.integer({ min: 1, max: 400 }).map((seconds) => ({ in: seconds * 1000 })),
);
const requests: fc.Arbitrary<Partial<ScheduleRequest>> = fc.record({
  timing: timings, target: fc.constantFrom("idle", "idle", "unicode", "shell", "never"), overlap: fc.constantFrom("skip", "queue_one", "allow"), catchUp: fc.constantFrom("none", "last", "all"),
  windowMs: fc.option(fc.integer({ min: 0, max: 7_200_000 }), { nil: undefined }), jitterMs: fc.constantFrom(0, 0, 3_000), retryWindowMs: fc.constantFrom(undefined, 0, 120_000),
}).map(({ timing, target, overlap, catchUp, windowMs, jitterMs, retryWindowMs }) => ({
  ...timing, targets: [target], jitterMs, timeZone: "America/New_York", policy: { overlap, catchUp, catchUpWindowMs: windowMs, retryEveryMs: 10_000, retryWindowMs },
}));

const events = fc.oneof(
  fc.integer({ min: 1, max: 120 }).map((seconds) => ({ do: "run" as const, ms: seconds * 1000 })),
  fc.integer({ min: 1, max: 40 }).map((calls) => ({ do: "die" as const, calls })),
  fc.integer({ min: 1, max: 7_200 }).map((seconds) => ({ do: "outage" as const, ms: seconds * 1000 })),
  fc.integer({ min: 1, max: 28_800 }).map((seconds) => ({ do: "sleep" as const, ms: seconds * 1000 })),
  fc.integer({ min: -3_600, max: 3_600 }).map((seconds) => ({ do: "set" as const, ms: seconds * 1000 })),
);

/** Slots that the timing names, up to the moment in question, on a clock that only went forward. */
function slotsUntil(timing: Timing, anchor: Date, until: Date): number[] {
  return nextSlots({ timing, timeZone: "America/New_York" }, anchor, anchor, 20_000).map((slot) => slot.getTime()).filter((slot) => slot <= until.getTime());
}

const terminal = new Set(["delivered", "skipped", "missed", "failed", "unconfirmed"]);

it("whatever happens to the machine, every slot ends in one row, and none is typed twice", async () => {
  await fc.assert(fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 4 }), fc.array(events, { minLength: 1, maxLength: 8 }), async (asked, happenings) => {
    const cleanUps: (() => void)[] = [];
    const world = new SchedulerWorld(start, { onFinish: (clean) => cleanUps.push(clean) });
    try {
      world.start();
      const schedules = [];
      for (const request of asked) schedules.push(await world.create(request));
      const wentBack = happenings.some((event) => event.do === "set");
      for (const event of happenings) {
        if (!world.alive) world.start();
        switch (event.do) {
          case "run": await world.advance(event.ms); break;
          case "die": world.killAfterCalls(event.calls); await world.advance(30_000); break;
          case "outage": world.kill(); world.clock.suspend(event.ms); break;
          case "sleep": world.clock.suspend(event.ms); await world.advance(2_000); break;
          case "set": world.clock.setWall(world.clock.now().getTime() + event.ms); await world.advance(2_000); break;
        }
      }
      // All is well again: what was put off comes to its end, and nothing new begins.
      world.start();
      // What is under way when a schedule is paused, and is refused after it, keeps its row for when it goes on.
      await world.advance(2_000);
      const now = world.clock.now();
      for (const { id } of schedules) await world.call("pauseSchedule", { id }).catch(() => undefined);
      await world.advance(5_000);

      const keys = await world.typedKeys();
      expect(new Set(keys).size).toBe(keys.length);
      const slotsTyped = keys.map((key) => key.split("/").slice(0, 2).join("/"));
      expect(new Set(slotsTyped).size).toBe(slotsTyped.length);
      const rows = world.rows();
      expect(new Set(rows.map(({ schedule_id, slot }) => `${schedule_id}/${slot}`)).size).toBe(rows.length);
      for (const { id, spec, createdAt } of schedules) {
        const own = rows.filter((row) => row.schedule_id === id);
        // A one-shot that is to be tried again keeps its row while it is paused.
        for (const { status } of own) if (spec.timing.type !== "at") expect(terminal).toContain(status);
        const said = own.filter(({ status }) => status === "delivered" || status === "unconfirmed").map(({ slot }) => `${id}/${new Date(slot).toISOString()}`);
        expect(slotsTyped.filter((key) => key.startsWith(id)).sort()).toEqual(said.sort());
        if (wentBack || spec.jitterMs > 0) continue;
        expect(own.map(({ slot }) => slot).sort((a, b) => a - b)).toEqual(lastThousand(slotsUntil(spec.timing, createdAt, now)));
      }
    } finally {
      for (const clean of cleanUps) clean();
    }
  }), { numRuns: Number(process.env["SLOT_RUNS"] ?? 25), endOnFailure: true });
}, 300_000);

/** As rows stand for them: the last thousand each, and one for those before. */
function lastThousand(slots: number[]): unknown {
  return slots.length <= 1000 ? slots : expect.any(Array);
}
