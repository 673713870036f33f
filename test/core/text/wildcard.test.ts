import fc from "fast-check";
import { expect, it } from "vitest";
import { wildcard } from "../../../core/text/wildcard.js";

it.each([
  ["rel-*", "rel-1", true], ["rel-*", "rel-", true], ["rel-*", "xrel-1", false], ["*", "", true], ["", "", true], ["", "a", false], ["?", "a", true], ["?", "😀", true],
  ["?", "", false], ["a.b", "axb", false], ["*.1", "w:0.1", true], ["*a*b*", "xxaxxbxx", true], ["a*b", "ab\nb", true], ["[a]", "[a]", true], ["[a]", "a", false],
])("%j on %j: %s", (pattern, text, fits) => {
  expect(wildcard(pattern).test(text)).toBe(fits);
});

const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });

it("fits what the regular expression of the same meaning fits", () => {
  fc.assert(fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }), (pattern, text) => {
    const expression = new RegExp(`^${pattern.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`, "u");
    expect(wildcard(pattern).test(text)).toBe(expression.test(text));
  }), { numRuns: 2000 });
});

it("a pattern that would keep a regular expression busy for years is answered", () => {
  expect(wildcard("a*".repeat(100) + "b").test("a".repeat(2000))).toBe(false);
});
