import { describe, expect, it } from "vitest";
import { nextCronSlot } from "../../../core/schedule/cron.js";
import { instantOfWall } from "../../../core/schedule/zoned-time.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The clock on the wall, as if it were UTC: asked of the system for each instant. */
function wallOf(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  const { year = 0, month = 1, day, hour, minute, second } = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The minutes at which a zone changes its clocks. */
function changes(timeZone: string, year: number): number[] {
  const offset = (instant: number): number => wallOf(instant, timeZone) - instant;
  const found: number[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += dayMs) {
    let [before, after] = [day, day + dayMs];
    if (offset(before) === offset(after)) continue;
    while (after - before > minuteMs) {
      const middle = Math.floor((before + after) / 2 / minuteMs) * minuteMs;
      if (offset(middle) === offset(before)) before = middle;
      else after = middle;
    }
    found.push(after);
  }
  return found;
}

// By half an hour, by two hours, at midnight, in winter for Ramadan, to the end of the day before, from quarters.
const zones = ["America/New_York", "Europe/Bucharest", "Australia/Lord_Howe", "Antarctica/Troll", "America/Santiago", "Africa/Casablanca", "America/Godthab", "Pacific/Chatham", "America/St_Johns", "Europe/Dublin"];

describe("wherever clocks are changed, each time of day comes once: the first time, or at the end of the gap", () => {
  it.each(zones)("%s", (zone) => {
    const moments = changes(zone, 2027);
    expect(moments.length).toBeGreaterThanOrEqual(2);
    for (const moment of moments) {
      const [before, after] = [wallOf(moment - minuteMs, zone) + minuteMs, wallOf(moment, zone)];
      for (let wall = Math.min(before, after) - 30 * minuteMs; wall <= Math.max(before, after) + 30 * minuteMs; wall += 15 * minuteMs) {
        let expected = moment;
        for (let instant = moment + 4 * hourMs; instant >= moment - 4 * hourMs; instant -= 15 * minuteMs) if (wallOf(instant, zone) === wall) expected = instant;
        const time = new Date(wall);
        const daily = `${time.getUTCMinutes()} ${time.getUTCHours()} * * *`;
        const told = [zone, daily, new Date(expected).toISOString()];
        expect([zone, daily, nextCronSlot(daily, zone, new Date(expected - 1))?.toISOString()]).toEqual(told);
        expect([zone, daily, instantOfWall(wall, zone).toISOString()]).toEqual(told);
        // Not a second time on that day.
        const again = nextCronSlot(daily, zone, new Date(expected));
        expect(again!.getTime() - expected).toBeGreaterThan(20 * hourMs);
      }
    }
  });

  it("a day that a zone leaves out altogether ends as it begins: Samoa, 30 December 2011", () => {
    expect(instantOfWall(Date.UTC(2011, 11, 30, 10), "Pacific/Apia")).toEqual(new Date("2011-12-30T10:00:00Z"));
    expect(nextCronSlot("0 10 * * *", "Pacific/Apia", new Date("2011-12-29T21:00:00Z"))).toEqual(new Date("2011-12-30T10:00:00Z"));
    expect(nextCronSlot("0 10 * * *", "Pacific/Apia", new Date("2011-12-30T10:00:00Z"))).toEqual(new Date("2011-12-30T20:00:00Z"));
  });
});
