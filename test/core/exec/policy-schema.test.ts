import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../core/exec/policy-schema.js";

describe("a policy file", () => {
  it("may leave everything out", () => {
    expect(parsePolicy("{}", "p.json")).toEqual({ allowPrefixes: [], allowTargets: [], allowGitResetHardPaths: [] });
  });

  it.each([
    ["not json", /not valid JSON/u],
    ["[]", /expected object/u],
    ["null", /expected object/u],
    [`{"allowPrefix":["ls"]}`, /allowPrefix/u],
    [`{"allowTargets":[]}`, /allowTargets: names no pane/u],
    [`{"allowTargets":"work:*"}`, /allowTargets/u],
    [`{"allowPrefixes":[""]}`, /allowPrefixes/u],
    [`{"allowPrefixes":["  "]}`, /allowPrefixes/u],
    [`{"allowPrefixes":[1]}`, /allowPrefixes/u],
    [`{"allowGitResetHardPaths":["srv"]}`, /allowGitResetHardPaths/u],
    [`{"allowGitResetHardPaths":["/srv/../x"]}`, /allowGitResetHardPaths/u],
  ])("%s is refused by name", (text, message) => {
    expect(() => parsePolicy(text, "p.json")).toThrow(expect.objectContaining({ reason: "invalid_argument", message: expect.stringMatching(message) as string }));
  });
});
