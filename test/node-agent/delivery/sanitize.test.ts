import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sanitize } from "../../../node-agent/delivery/sanitize.js";

describe("sanitize", () => {
  it.each([
    ["a\r\nb\rc", "a\nb\nc", ["line_ends_to_lf"]],
    ["a\u001b[201~\u0003b", "ab", ["escape_sequences_removed", "control_characters_removed"]],
    ["\u001b[31mred\u001b[0m", "red", ["escape_sequences_removed"]],
    ["\u001b]0;title\u0007text\u001b]8;;x\u001b\\y", "texty", ["escape_sequences_removed"]],
    ["\u009b201~x", "x", ["escape_sequences_removed"]],
    ["a\u0000\u0008\u007f\u0085b", "ab", ["control_characters_removed"]],
    ["tab\tand\nline", "tab\tand\nline", []],
  ])("%j becomes %j", (text, expected, transformation) => {
    expect(sanitize(text)).toEqual({ text: expected, transformation });
  });

  it("leaves nothing that a terminal would take for more than text, and is stable", () => {
    const nasty = fc.array(fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom("\u001b", "\u001b[", "\u001b[201~", "\u009b", "\r", "\r\n", "\u001b]", "\u0007", "~")), { maxLength: 12 });
    fc.assert(fc.property(nasty, (parts) => {
      const { text } = sanitize(parts.join(""));
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
      expect(sanitize(text)).toEqual({ text, transformation: [] });
    }));
  });
});
