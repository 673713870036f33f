import { describe, expect, it } from "vitest";
import type { Composer } from "../../../node-agent/agents/agent-adapter.js";
import { compareComposer } from "../../../node-agent/delivery/compare-composer.js";

const composer = (text: string, more: Partial<Composer> = {}): Composer => ({ text, markers: [], clipped: false, firstRow: 0, lastRow: 0, ...more });
const marker = (raw: string, counts: { lines?: number; characters?: number }, around = raw): Composer => composer(around, { markers: [{ raw, ...counts }] });

describe("compareComposer", () => {
  it.each<[string, Composer, string, string]>([
    ["nothing", composer(""), "run", "empty"],
    ["blank rows", composer("  \n "), "run", "empty"],
    ["the text", composer("run the tests"), "run the tests", "ours"],
    ["the text, wrapped", composer("run the\ntests"), "run the tests", "ours"],
    ["the text, its tab shown as blanks", composer("a    b"), "a\tb", "ours"],
    ["the text in another composition", composer("\u00e9t\u00e9"), "e\u0301te\u0301", "ours"],
    ["a joined emoji drawn apart, between words", composer("go 👩 💻 on"), "go 👩‍💻 on", "ours"],
    ["an emoji at the end without its skin tone", composer("❤️  run it 👍"), "❤️ run it 👍🏽", "ours"],
    ["a family at the end without its last member", composer("run it 👩\u200d👩\u200d👧\u200d"), "run it 👩\u200d👩\u200d👧\u200d👦", "ours"],
    ["emoji alone, one of them not drawn yet", composer("🙂"), "🙂🚀", "partial"],
    ["a joined emoji alone, cut", composer("👩\u200d👩\u200d👧\u200d"), "👩\u200d👩\u200d👧\u200d👦", "ours"],
    ["marks at the end that are not drawn", composer("run z"), "run z\u0335\u0334\u0321", "ours"],
    ["more marks on one letter than tmux keeps, the first of them composed", composer(`run \u00e1${"\u0301".repeat(8)} it`), `run a${"\u0301".repeat(40)} it`, "ours"],
    ["the end of words is missing beside an emoji", composer("🙂 run the"), "🙂 run the tests", "partial"],
    ["somebody's words behind an emoji's skin tone", composer("run it 👍 now"), "run it 👍🏽", "other"],
    ["its beginning", composer("run the"), "run the tests", "partial"],
    ["its end, scrolled", composer("the tests", { clipped: true }), "run the tests", "ours"],
    ["somebody's words in front", composer("please run the tests"), "run the tests", "other"],
    ["somebody's words behind", composer("run the testsx"), "run the tests", "other"],
    ["somebody's words behind its end, scrolled", composer("the testsx", { clipped: true }), "run the tests", "other"],
    ["somebody's words alone", composer("hello"), "run the tests", "other"],
  ])("%s", (_name, shown, pasted, expected) => {
    expect(compareComposer(shown, pasted)).toBe(expected);
  });

  const five = "a\nb\nc\nd\ne";
  it.each<[string, Composer, string, string]>([
    ["Claude's count of line ends", marker("[Pasted text #1 +4 lines]", { lines: 4 }), five, "ours"],
    ["OpenCode's count of lines", marker("[Pasted ~5 lines]", { lines: 5 }), five, "ours"],
    ["Codex's count of characters", marker("[Pasted Content 9 chars]", { characters: 9 }), five, "ours"],
    ["Claude's marker without a count", marker("[Pasted text #1]", {}), "x".repeat(2000), "ours"],
    ["a marker that counts another paste", marker("[Pasted Content 1016 chars]", { characters: 1016 }), five, "other"],
    ["a marker of another length", marker("[Pasted text #1 +40 lines]", { lines: 40 }), five, "other"],
    ["a marker with words beside it", marker("[Pasted text #1 +4 lines]", { lines: 4 }, "look: [Pasted text #1 +4 lines]"), five, "other"],
    ["a prompt that names markers beside a flag", marker("[Pasted ~5 lines]", { lines: 5 }, "go 🇩 [Pasted ~5 lines] now"), "go 🇩🇪 [Pasted ~5 lines] now", "ours"],
    ["a prompt that names markers, scrolled", { ...marker("[Pasted ~5 lines]", { lines: 5 }, "and [Pasted ~5 lines] now"), clipped: true }, "go on\nand [Pasted ~5 lines] now", "ours"],
    ["a prompt that names markers, with somebody's words", marker("[Pasted ~5 lines]", { lines: 5 }, "my [Pasted ~5 lines] now"), "[Pasted ~5 lines] now", "other"],
    ["another marker than the prompt names", marker("[Pasted ~9 lines]", { lines: 9 }, "go [Pasted ~9 lines]"), "go [Pasted ~5 lines]", "other"],
    ["a prompt that names a marker itself", marker("[Pasted text #1 +4 lines]", { lines: 4 }, "why [Pasted text #1 +4 lines]?"), "why [Pasted text #1 +4 lines]?", "ours"],
  ])("%s", (_name, shown, pasted, expected) => {
    expect(compareComposer(shown, pasted)).toBe(expected);
  });
});
