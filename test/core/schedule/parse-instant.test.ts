import { describe, expect, it } from "vitest";
import { parseInstant } from "../../../core/schedule/parse-instant.js";
import { checkedTimeZone } from "../../../core/schedule/zoned-time.js";

const now = new Date("2026-11-23T12:00:00Z");
const read = (text: string, timeZone = "UTC"): string => parseInstant(text, "--at", { timeZone, now }).toISOString();

describe("instants", () => {
  it.each([
    ["2026-11-24T09:00:00+02:00", "UTC", "2026-11-24T07:00:00.000Z"],
    ["2026-11-24t09:00:00.250z", "Europe/Bucharest", "2026-11-24T09:00:00.250Z"],
    ["2026-11-24T09:00:00-0330", "UTC", "2026-11-24T12:30:00.000Z"],
    ["2026-11-24 09:00", "Europe/Bucharest", "2026-11-24T07:00:00.000Z"],
    ["2026-07-01 09:00", "Europe/Bucharest", "2026-07-01T06:00:00.000Z"],
    ["2026-11-24", "America/New_York", "2026-11-24T05:00:00.000Z"],
    ["2026-11-24T09:00:00.5", "Asia/Kolkata", "2026-11-24T03:30:00.500Z"],
    ["2028-02-29 00:00", "UTC", "2028-02-29T00:00:00.000Z"],
    ["09:00", "UTC", "2026-11-24T09:00:00.000Z"],
    ["13:30", "UTC", "2026-11-23T13:30:00.000Z"],
    ["13:30", "Pacific/Kiritimati", "2026-11-23T23:30:00.000Z"],
    ["13:30", "Pacific/Pago_Pago", "2026-11-24T00:30:00.000Z"],
  ])("%s in %s is %s", (text, timeZone, instant) => expect(read(text, timeZone)).toBe(instant));

  it.each([
    ["America/New_York", "2026-03-08 02:30", "2026-03-08T07:00:00.000Z", "2026-11-01 01:30", "2026-11-01T05:30:00.000Z"],
    ["Europe/Bucharest", "2026-03-29 03:15", "2026-03-29T01:00:00.000Z", "2026-10-25 03:15", "2026-10-25T00:15:00.000Z"],
    ["Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-03T15:30:00.000Z", "2026-04-05 01:45", "2026-04-04T14:45:00.000Z"],
    ["America/Santiago", "2026-09-06 00:00", "2026-09-06T04:00:00.000Z", "2026-04-04 23:30", "2026-04-05T02:30:00.000Z"],
  ])("%s: a time that spring leaves out is the end of the gap, one that comes twice is the first", (timeZone, gap, afterGap, twice, first) => {
    expect(read(gap, timeZone)).toBe(afterGap);
    expect(read(twice, timeZone)).toBe(first);
  });

  it.each(["", "soon", "2026-02-29", "2026-02-31 10:00", "2026-13-01", "2026-11-24T24:00:00Z", "2026-11-24T23:60", "2026-11-24 09:00:60", "24:00", "9", "2026-11-24T09:00:00+25:00", "1795450988577"])("%j is refused", (text) => {
    expect(() => read(text)).toThrow(/^--at: /u);
  });

  it.each(["Mars/Base", "", "+02:00", "Europe"])("zone %j is refused", (name) => expect(() => checkedTimeZone(name)).toThrow("is no time zone"));
});
