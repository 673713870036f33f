import { describe, expect, it } from "vitest";
import { profileSchema } from "../../../core/config/profile-schema.js";
import { readProfileScreen } from "../../../node-agent/agents/profile/screen.js";
import { parseScreen } from "../../../node-agent/screen/parse-screen.js";
import type { Screen } from "../../../node-agent/screen/screen.js";

const mini = {
  name: "mini",
  process: { names: ["mini-agent"] },
  screen: {
    composer: { above: "^─+$", first: "^›(?: (?<text>.*))?$", next: "^ {2}(?<text>.*)$", below: "^─+$" },
    busy: ["^\\* Working"], dialog: ["enter confirm · esc cancel"], menu: ["^ {2}/\\w+ {2,}"], queued: ["^ {2}queued: (?<text>.*)$"],
  },
};
const read = readProfileScreen(profileSchema.parse(mini).screen);
const rule = "─".repeat(20);

function screen(lines: readonly string[], cursorY: number, more: Partial<Screen> = {}): Screen {
  return {
    rows: parseScreen(lines), width: 40, height: lines.length, cursorX: 2, cursorY, title: "", alternate: false, inMode: false, dead: false,
    panePid: 1, command: "mini", typedMark: "", pressedMark: "", ...more,
  };
}

describe("readProfileScreen", () => {
  it.each<[string, Screen, { state: string; text?: string; queued?: string[] }]>([
    ["an empty composer", screen(["hello", rule, "›", rule], 2), { state: "idle", text: "" }],
    ["a ghost in it", screen([rule, "› \u001B[2mAsk me anything\u001B[0m", rule], 1), { state: "idle", text: "" }],
    ["a draft", screen([rule, "› run the", "  tests", rule], 2), { state: "draft", text: "run the\ntests" }],
    ["a draft with an empty line", screen([rule, "› run", "", "  it", rule], 3), { state: "draft", text: "run\n\nit" }],
    ["a running turn", screen(["* Working (3s)", rule, "› next", rule], 2), { state: "busy", text: "next" }],
    ["a held prompt", screen(["* Working (3s)", "  queued: more", rule, "›", rule], 3), { state: "queued", text: "", queued: ["more"] }],
    ["a menu", screen([rule, "› /", rule, "  /help   shows help"], 1), { state: "menu", text: "/" }],
    ["a question", screen(["Run it?", "enter confirm · esc cancel", rule, "›", rule], 3), { state: "dialog" }],
    ["a composer that a model printed, over the real one", screen([rule, "› not mine", rule, "ok", rule, "›", rule], 5), { state: "idle", text: "" }],
    ["a composer that a model printed, with none under it", screen([rule, "›", rule, "please wait"], 3), { state: "unknown" }],
    ["a composer without its lower edge", screen([rule, "›", "please wait"], 1), { state: "unknown" }],
    ["a composer without its upper edge", screen(["hello", "›", rule], 1), { state: "unknown" }],
    ["the cursor elsewhere", screen([rule, "›", rule, "search: "], 3), { state: "unknown" }],
    ["nothing", screen(["", "", ""], 0), { state: "starting" }],
    ["an ended process", screen([rule, "›", rule], 1, { dead: true }), { state: "exited" }],
  ])("%s", (_name, shown, expected) => {
    const reading = read(shown);
    expect({ state: reading.state, text: reading.composer?.text, queued: reading.queued }).toEqual({ text: undefined, queued: [], ...expected });
  });
});

describe("profileSchema", () => {
  const faults = (value: unknown): string[] => profileSchema.safeParse(value).error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? [];

  it("takes a profile and fills in what is left out", () => {
    expect(profileSchema.parse(mini)).toMatchObject({ submitKey: "Enter", keyDelayMs: 0 });
  });

  it.each<[string, unknown, string]>([
    ["a pattern that is none", { ...mini, screen: { ...mini.screen, busy: ["("] } }, "screen.busy.0: must be a regular expression"],
    ["a composer without a group", { ...mini, screen: { ...mini.screen, composer: { first: "^› " } } }, "screen.composer.first: must have a group (?<text>…) that holds the typed text"],
    ["a name with a blank", { ...mini, name: "my agent" }, "name: must be lower-case letters, digits and hyphens"],
    ["the name of a built-in agent", { ...mini, name: "claude" }, "name: is the name of something built in"],
    ["an unknown key", { ...mini, colour: "red" }, ': Unrecognized key: "colour"'],
    ["no pattern for questions", { ...mini, screen: { ...mini.screen, dialog: [] } }, "screen.dialog: Too small: expected array to have >=1 items"],
  ])("refuses %s", (_name, value, fault) => {
    expect(faults(value)).toContain(fault);
  });
});
