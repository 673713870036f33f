import { describe, expect, it } from "vitest";
import { parseSelector } from "../../../cli/parse-selector.js";

describe("--select", () => {
  it.each([
    ["agent=claude,state=idle", { agent: "claude", state: "idle" }],
    ["cwd='~/work/*', session='rel-*'", { cwd: "~/work/*", session: "rel-*" }],
    ['window="a,b"', { window: "a,b" }],
    ["cwd=/a=b", { cwd: "/a=b" }],
    ["state=d*", { state: "d*" }],
  ])("%s", (text, selector) => {
    expect(parseSelector(text)).toEqual(selector);
  });

  it.each([
    ["agnet=claude", /agnet.*agent/s],
    ["claude", /"claude" is no field/],
    ["agent=", /agent has no value/],
    ["agent=''", /agent has no value/],
    ["agent=a,agent=b", /twice/],
    ["", /nothing is named/],
    [",", /nothing is named/],
    ["state=idel", /"idel" is no state; .*idle.*Did you mean idle/s],
  ])("refuses %j", (text, why) => {
    expect(() => parseSelector(text)).toThrow(why);
  });
});
