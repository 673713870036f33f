import { describe, expect, it } from "vitest";
import { findMarkers } from "../../../node-agent/agents/composer/markers.js";

describe("findMarkers", () => {
  it.each<[string, object[]]>([
    ["[Pasted text #1 +4 lines]", [{ raw: "[Pasted text #1 +4 lines]", lines: 4 }]],
    ["[Pasted text #6]", [{ raw: "[Pasted text #6]" }]],
    ["[...Truncated text #2 +32 lines...]", [{ raw: "[...Truncated text #2 +32 lines...]", lines: 32 }]],
    ["[Pasted Content 1016 chars]", [{ raw: "[Pasted Content 1016 chars]", characters: 1016 }]],
    ["[Pasted Content 1016 chars] #2", [{ raw: "[Pasted Content 1016 chars] #2", characters: 1016 }]],
    ["[Pasted Text: 200 lines]", [{ raw: "[Pasted Text: 200 lines]", lines: 200 }]],
    ["[Pasted Text: 10017 chars]", [{ raw: "[Pasted Text: 10017 chars]", characters: 10017 }]],
    ["[Pasted Text: 6 lines #2]", [{ raw: "[Pasted Text: 6 lines #2]", lines: 6 }]],
    ["[Pasted ~5 lines]", [{ raw: "[Pasted ~5 lines]", lines: 5 }]],
    ["look [Image #1] and [Pasted text #2 +9 lines] now", [{ raw: "[Image #1]" }, { raw: "[Pasted text #2 +9 lines]", lines: 9 }]],
    ["wrapped [Pasted text #1\n+4 lines] here", [{ raw: "[Pasted text #1\n+4 lines]", lines: 4 }]],
    ["[Pasted text] [pasted text #1] nothing", []],
  ])("%j", (text, markers) => {
    expect(findMarkers(text)).toEqual(markers);
  });
});
