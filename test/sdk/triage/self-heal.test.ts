import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diagnoseText, failureClasses } from "../../../sdk/triage/self-heal.js";

const token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

describe("what a text tells of", () => {
  it.each([
    ["can't find pane: %7", "target"],
    ["dispatch: is_shell: The pane shows a shell, not an agent.", "target"],
    ["refused: draft_present", "target"],
    ["target pane not found: work:3", "target"],
    ['There is no pane "work:nope".', "target"],
    ['No machine named "spark09" is known.', "routing"],
    ["git@host: Permission denied (publickey).", "auth"],
    ["HTTP 401 Unauthorized: invalid api key", "auth"],
    ["ssh: connect to host spark02 port 22: No route to host", "machine"],
    ["write failed: No space left on device", "machine"],
    ["node_unreachable: The node of that machine does not answer.", "machine"],
    ["error: unknown option '--wait'", "stale_package"],
    ["Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'", "stale_package"],
    ["No machine of this name is known.", "routing"],
    ["TypeError: x is not a function\n    at run (/usr/lib/dispatch.js:10:5)", "dispatch_bug"],
    ["Something went wrong inside.", "dispatch_bug"],
    ["all tests passed", "unknown"],
    ["the target of this quarter is a new machine", "unknown"],
    ["", "unknown"],
    // Even: neither.
    ["can't find pane: %7\nNo route to host", "unknown"],
  ])("%j is %s", async (text, classification) => {
    const diagnosis = await diagnoseText(text);
    expect(diagnosis).toMatchObject({ schemaVersion: "dispatch.selfHealDiagnosis.v1", dryRun: true, classification });
    expect(diagnosis.confidence > 0).toBe(classification !== "unknown");
    expect(diagnosis.evidence.length > 0).toBe(classification !== "unknown");
    expect(diagnosis.actions.length).toBeGreaterThan(0);
  });

  it("more signs make it surer", async () => {
    const one = await diagnoseText("connection refused");
    const two = await diagnoseText("connection refused\nNo route to host");
    expect(two.confidence).toBeGreaterThan(one.confidence);
  });

  it("tells no secret, also where a long text is cut in the middle of one", async () => {
    for (let before = 4_050; before < 4_140; before += 7) {
      const diagnosis = await diagnoseText(`${token} ${"no route to host ".repeat(300).slice(0, before)}`);
      expect(JSON.stringify(diagnosis)).not.toContain("uvwxyz");
    }
    expect(JSON.stringify(await diagnoseText(`401 unauthorized with ${token}`))).not.toContain(token);
  });

  it("whatever the text, it ends in one of the classes", async () => {
    await fc.assert(fc.asyncProperty(fc.string({ maxLength: 400, unit: "binary" }), async (text) => {
      const { classification, confidence, excerpt } = await diagnoseText(text);
      expect(failureClasses).toContain(classification);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(0.95);
      expect(excerpt.length).toBeLessThanOrEqual(1200);
    }), { numRuns: 50 });
  });
});
