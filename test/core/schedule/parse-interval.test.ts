import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { formatInterval, parseInterval } from "../../../core/schedule/parse-interval.js";

describe("intervals", () => {
  it.each([
    ["30m", 1_800_000], ["1h30m", 5_400_000], ["5 minutes", 300_000], ["5minute", 300_000], ["1 hour 30 minutes", 5_400_000], ["1h, 30m", 5_400_000], ["1.5h", 5_400_000], ["90s", 90_000],
    ["500ms", 500], ["2 weeks", 1_209_600_000], ["1d", 86_400_000], [" 10 Min ", 600_000], ["2 HRS", 7_200_000], ["0.5s", 500],
    ["PT30M", 1_800_000], ["PT1H30M", 5_400_000], ["P1D", 86_400_000], ["P1DT12H", 129_600_000], ["P2W", 1_209_600_000], ["pt0.5s", 500], ["PT1,5H", 5_400_000],
  ])("%s is %d ms", (text, milliseconds) => expect(parseInterval(text, "--in")).toBe(milliseconds));

  it.each(["", "5", "abc", "-5m", "0m", "1h 1h", "30m1h", "PT", "P", "P1", "1h30", "5m!", "1e3s", "٣m", "PT1M1H", "--", "1000y", "200000w"])("%j is refused with the option's name", (text) => {
    expect(() => parseInterval(text, "--every")).toThrow(/^--every: /u);
  });

  it.each(["1 month", "P1M", "P1Y", "2 years"])("%s is refused for having no fixed length", (text) => expect(() => parseInterval(text, "--every")).toThrow("no fixed length"));

  it("reads what it writes", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 ** 11 }), (milliseconds) => parseInterval(formatInterval(milliseconds), "--in") === milliseconds));
  });
});
