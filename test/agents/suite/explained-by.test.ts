import { describe, expect, it } from "vitest";
import { isExplainedBy } from "./explained-by.js";

describe("isExplainedBy", () => {
  it("takes equal texts without any declaration", () => {
    expect(isExplainedBy("a\tb", "a\tb", [])).toBe(true);
    expect(isExplainedBy("a\tb", "a    b", [])).toBe(false);
  });

  it("takes only what was declared", () => {
    expect(isExplainedBy("a\tb ", "a    b", ["tabs_expanded", "trailing_whitespace_changed"])).toBe(true);
    expect(isExplainedBy("a\tb ", "a    b", ["tabs_expanded"])).toBe(false);
    expect(isExplainedBy("/foo x", " /foo x", ["space_before_slash"])).toBe(true);
    expect(isExplainedBy("a\r\nb\u001b[31mc\u001b]0;t\u0007d\u0001", "a\nbcd", ["line_ends_to_lf", "escape_sequences_removed", "control_characters_removed"])).toBe(true);
  });

  it("finds a part of merged prompts only as a whole part", () => {
    expect(isExplainedBy("b\n\nc", "a\n\nb\n\nc", ["merged_with_other_prompts"])).toBe(true);
    expect(isExplainedBy("b", "a\n\nbc", ["merged_with_other_prompts"])).toBe(false);
  });

  it("takes what stands between tags for the text, whatever else was declared", () => {
    const tagged = '\n\n<pasted_content id="1a">\na\n\nb\n\n</pasted_content id="1a">\n';
    expect(isExplainedBy("a\n\nb", tagged, ["trailing_whitespace_changed", "wrapped_as_pasted_content"])).toBe(true);
    expect(isExplainedBy("a\n\nb", tagged, ["wrapped_as_pasted_content"])).toBe(false);
    expect(isExplainedBy("a\n\nb", tagged, ["trailing_whitespace_changed"])).toBe(false);
  });

  it("lets an unknown name explain nothing", () => {
    expect(isExplainedBy("a", "a", ["sprinkled_with_sugar"])).toBe(false);
  });
});
