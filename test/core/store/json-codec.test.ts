import fc from "fast-check";
import { expect, it } from "vitest";
import { parse, stringify } from "../../../core/store/json-codec.js";

const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "at", "date"), fc.string()).filter((name) => name !== "$date" && name !== "$bigint");
const values = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.date({ noInvalidDate: true }), fc.bigInt(), fc.array(tie("value")), fc.dictionary(key, tie("value"))),
})).value;

it("what was written is read as it was: dates, big integers and any name of a field", () => {
  fc.assert(fc.property(values, (value) => {
    const before = structuredClone(value);
    expect(parse(stringify(value))).toEqual(value);
    expect(value).toEqual(before);
  }), { numRuns: 500 });
});

it("is written as JSON that others can read", () => {
  expect(stringify({ at: new Date(5), n: 7n, none: undefined, list: [new Date(6), undefined], deep: { at: new Date(7) } }))
    .toBe('{"at":{"$date":5},"n":{"$bigint":"7"},"list":[{"$date":6},null],"deep":{"at":{"$date":7}}}');
});
