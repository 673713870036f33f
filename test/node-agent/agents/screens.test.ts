import { describe, expect, it } from "vitest";
import { casesOf, expectedOf, kinds, loadScreen, readers } from "./screen-fixtures.js";

describe("captured screens", () => {
  it("exist for every agent that has screens of its own", () => {
    expect(kinds.toSorted()).toEqual(Object.keys(readers).toSorted());
  });

  describe.each(kinds)("%s", (kind) => {
    const expected = expectedOf(kind);

    it("are all told of in expected.json, and nothing else is", () => {
      expect(Object.keys(expected).toSorted()).toEqual(casesOf(kind).toSorted());
    });

    it.each(casesOf(kind))("%s", (name) => {
      const entry = expected[name];
      if (!entry) throw new Error(`expected.json does not tell of ${name}`);
      const reading = readers[kind]?.(loadScreen(kind, name, entry));
      expect({
        state: reading?.state, text: reading?.composer?.text, clipped: reading?.composer?.clipped ?? false,
        markers: reading?.composer?.markers ?? [], queued: reading?.queued, activity: reading?.activity,
      }).toEqual({
        state: entry.state, text: entry.text, clipped: entry.clipped ?? false,
        markers: entry.markers ?? [], queued: entry.queued ?? [], activity: entry.activity ?? "",
      });
      expect(reading?.evidence).not.toBe("");
    });
  });
});
