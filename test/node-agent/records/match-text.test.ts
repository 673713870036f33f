import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchPart, matchText } from "../../../node-agent/records/match-text.js";

describe("matchText", () => {
  it.each([
    ["run the tests", "run the tests", []],
    ["run\n", "run", ["trailing_whitespace_changed"]],
    ["run", "run ", ["trailing_whitespace_changed"]],
    [" /foo", "/foo", ["leading_whitespace_changed"]],
    ["a\tb", "a    b", ["tabs_expanded"]],
    ["e\u0301", "\u00e9", ["unicode_composed"]],
    ["a\u200bb", "ab", ["invisible_characters_dropped"]],
    [" a\tb\n", "a    b", ["trailing_whitespace_changed", "leading_whitespace_changed", "tabs_expanded"]],
  ])("%j is recorded as %j", (pasted, recorded, expected) => {
    expect(matchText(pasted, recorded)).toEqual(expected);
  });

  it.each([["run the tests", "run the test"], ["a b", "ab"], ["a\nb", "a b"], ["run", "draft run"], ["run", "run run"], ["x", ""]])(
    "%j is not %j", (pasted, recorded) => {
      expect(matchText(pasted, recorded)).toBeUndefined();
    },
  );

  it("never takes a text for another one that differs in more than blanks at its ends, tabs, composition and invisible characters", () => {
    const word = fc.stringMatching(/^[a-z0-9 \n]{0,12}$/u);
    fc.assert(fc.property(word, word, (a, b) => {
      expect(matchText(a, b) !== undefined).toBe(a.trim() === b.trim());
    }));
  });

  it("finds every text in its trimmed, tab-expanded form, and names the changes", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const found = matchText(text, text.replaceAll("\t", "    ").trimEnd());
      expect(found).toBeDefined();
      expect(found?.length === 0).toBe(text.replaceAll("\t", "    ").trimEnd() === text);
    }));
  });
});

describe("matchPart", () => {
  it("finds our prompt between those it was merged with", () => {
    expect(matchPart("B", "A\n\nB\n\nC", "\n\n")).toEqual({ text: "B", transformation: [], beside: ["merged_with_other_prompts"] });
    expect(matchPart("B\n\nB2\n", "A\n\nB\n\nB2\n\nC", "\n\n")?.text).toBe("B\n\nB2");
  });

  it("does not find a prompt inside a paragraph", () => {
    expect(matchPart("B", "A\n\nB and more\n\nC", "\n\n")).toBeUndefined();
  });
});
