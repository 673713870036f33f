import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedCron, nextCronSlot } from "../../../core/schedule/cron.js";
import { nextSlots, pastSlots } from "../../../core/schedule/next-slot.js";
import type { Timing } from "../../../core/domain/schedule.js";

const at = (text: string): Date => new Date(text);
const slots = (timing: Timing, timeZone: string, after: string, count: number): string[] => nextSlots({ timing, timeZone }, at(after), at(after), count).map((slot) => slot.toISOString().slice(5, 16));
const cron = (text: string, timeZone: string, after: string, count: number): string[] => slots({ type: "cron", cron: text }, timeZone, after, count);

describe("summer time", () => {
  it.each([
    ["America/New_York", "30 2 * * *", "2026-03-07T12:00:00Z", ["03-08T07:00", "03-09T06:30"]],
    ["Europe/Bucharest", "30 3 * * *", "2026-03-28T12:00:00Z", ["03-29T01:00", "03-30T00:30"]],
    ["Australia/Lord_Howe", "15 2 * * *", "2026-10-03T02:00:00Z", ["10-03T15:30", "10-04T15:15"]],
    ["America/Santiago", "0 0 * * *", "2026-09-05T12:00:00Z", ["09-06T04:00", "09-07T03:00"]],
    ["Europe/London", "30 1 * * SUN", "2026-03-28T12:00:00Z", ["03-29T01:00", "04-05T00:30"]],
  ])("%s: a fixed time that spring leaves out comes once, at the end of the gap", (zone, text, after, wanted) => expect(cron(text, zone, after, 2)).toEqual(wanted));

  it.each([
    ["America/New_York", "30 1 * * *", "2026-10-31T12:00:00Z", ["11-01T05:30", "11-02T06:30"]],
    ["Europe/Bucharest", "30 3 * * *", "2026-10-24T12:00:00Z", ["10-25T00:30", "10-26T01:30"]],
    ["Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00:00Z", ["04-04T14:45", "04-05T15:15"]],
    ["Europe/London", "30 1 * * *", "2026-10-24T12:00:00Z", ["10-25T00:30", "10-26T01:30"]],
  ])("%s: a fixed time that autumn repeats comes once, the first time", (zone, text, after, wanted) => expect(cron(text, zone, after, 2)).toEqual(wanted));

  it("lists and ranges of times are fixed times as well", () => {
    expect(cron("15,45 2 * * *", "America/New_York", "2026-03-08T06:15:00Z", 2)).toEqual(["03-08T07:00", "03-09T06:15"]);
    expect(cron("30 2,14 * * *", "America/New_York", "2026-03-08T06:15:00Z", 2)).toEqual(["03-08T07:00", "03-08T18:30"]);
    expect(cron("0,30 1 * * *", "America/New_York", "2026-11-01T04:45:00Z", 3)).toEqual(["11-01T05:00", "11-01T05:30", "11-02T06:00"]);
    expect(cron("30 23 * * SAT", "America/Godthab", "2027-03-27T12:00:00Z", 2)).toEqual(["03-28T01:00", "04-04T00:30"]);
  });

  it("wildcards run through both hours of autumn, and past the gap of spring", () => {
    expect(cron("*/30 * * * *", "America/New_York", "2026-11-01T04:45:00Z", 6)).toEqual(["11-01T05:00", "11-01T05:30", "11-01T06:00", "11-01T06:30", "11-01T07:00", "11-01T07:30"]);
    expect(cron("*/30 * * * *", "America/New_York", "2026-03-08T06:15:00Z", 3)).toEqual(["03-08T06:30", "03-08T07:00", "03-08T07:30"]);
  });

  it("the next slot never lies in the past, also from within the repeated hour", () => {
    const start = at("2026-11-01T04:00:00Z").getTime();
    for (let minute = 0; minute < 240; minute++) {
      const after = new Date(start + minute * 60_000);
      for (const text of ["*/10 * * * *", "30 1 * * *", "@daily"]) expect(nextCronSlot(text, "America/New_York", after)!.getTime()).toBeGreaterThan(after.getTime());
    }
  });

  it("intervals count real time: the grid stays, whatever clocks on walls do", () => {
    expect(slots({ type: "every", everyMs: 3_600_000 }, "America/New_York", "2026-11-01T04:30:00Z", 4)).toEqual(["11-01T05:30", "11-01T06:30", "11-01T07:30", "11-01T08:30"]);
  });
});

describe("cron", () => {
  it("knows leap days, names, ranges, steps, macros, L and #", () => {
    expect(nextCronSlot("0 0 29 2 *", "UTC", at("2026-01-01T00:00:00Z"))).toEqual(at("2028-02-29T00:00:00Z"));
    expect(cron("0 9 * * MON-FRI", "UTC", "2026-11-20T12:00:00Z", 2)).toEqual(["11-23T09:00", "11-24T09:00"]);
    expect(cron("0 9 L * *", "UTC", "2026-02-01T00:00:00Z", 2)).toEqual(["02-28T09:00", "03-31T09:00"]);
    expect(cron("0 9 * * MON#2", "UTC", "2026-02-01T00:00:00Z", 1)).toEqual(["02-09T09:00"]);
    expect(cron("@hourly", "UTC", "2026-02-01T00:00:00Z", 1)).toEqual(["02-01T01:00"]);
    expect(cron("0 0 13 * FRI", "UTC", "2026-01-01T00:00:00Z", 3)).toEqual(["01-02T00:00", "01-09T00:00", "01-13T00:00"]);
  });

  it.each(["", "* * * *", "* * * * * *", "60 * * * *", "a b c d e", "0 0 31 2 *", "0 0 30 FEB *", "/5 * * * *", ",5 * * * *", "0x10 * * * *", "-5 * * * *", "30-10 * * * *", "0 0 * * 8", "@reboot", "@often"])("%j is refused in a sentence that shows how to write it", (text) => {
    expect(() => checkedCron(text, "UTC", at("2026-01-01T00:00:00Z"))).toThrow(/^--cron: ".*" cannot be used: .+\. Write minute, hour, day, month and weekday/su);
  });
});

describe("past slots", () => {
  const timings = fc.oneof(
    fc.integer({ min: 1_000, max: 7_200_000 }).map((everyMs): Timing => ({ type: "every", everyMs })),
    fc.constantFrom("* * * * *", "*/7 * * * *", "30 1 * * *", "0 */3 * * *", "15 2 * * SUN").map((text): Timing => ({ type: "cron", cron: text })),
  );

  it("are those that going forward one by one finds: the last ones each, the one before them, and the one that follows", () => {
    fc.assert(fc.property(timings, fc.oneof(fc.integer({ min: 0, max: 60 * 3_600_000 }), fc.integer({ min: 0, max: 2_000 })), fc.integer({ min: 1, max: 40 }), (timing, spanMs, count) => {
      const start = at("2026-10-30T00:00:00Z");
      const spec = { timing, timeZone: "America/New_York" };
      const [first] = nextSlots(spec, start, start, 1);
      const until = new Date(first!.getTime() + Math.min(spanMs, timing.type === "every" ? timing.everyMs * 300 : spanMs));
      const all = nextSlots(spec, start, start, 4_000).filter((slot) => slot <= until);
      const { slots: last, before, following } = pastSlots(spec, first!, until, start, count);
      expect(last).toEqual(all.slice(-count));
      expect(before).toEqual(all.at(-count - 1));
      expect(following).toEqual(nextSlots(spec, until, start, 1)[0]);
    }), { numRuns: 60 });
  });
});
