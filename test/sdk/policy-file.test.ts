import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readPolicyFile } from "../../sdk/tools/policy-file.js";

const home = mkdtempSync(join(tmpdir(), "dispatch-policies-"));
afterAll(() => rmSync(home, { recursive: true }));
const policyFolder = join(home, "policies");
const policy = JSON.stringify({ allowPrefixes: ["make"], allowTargets: ["ci:*"] });
for (const folder of [policyFolder, join(policyFolder, "team"), join(home, "policies-of-others")]) mkdirSync(folder);
for (const file of [join(policyFolder, "ok.json"), join(policyFolder, "team", "ok.json"), join(home, "evil.json"), join(home, "policies-of-others", "evil.json")]) writeFileSync(file, policy);
symlinkSync(join(policyFolder, "ok.json"), join(policyFolder, "within.json"));
symlinkSync(join(home, "evil.json"), join(policyFolder, "link.json"));
symlinkSync(home, join(policyFolder, "linked"));
execFileSync("mkfifo", [join(policyFolder, "pipe.json")]);

describe("a policy file that a caller names", () => {
  it.each(["ok.json", "./ok.json", "team/ok.json", "team/../ok.json", "within.json", join(policyFolder, "ok.json")])("%s is of the operator's folder", async (name) => {
    expect(await readPolicyFile({ policyFolder }, name)).toMatchObject({ allowPrefixes: ["make"], allowTargets: ["ci:*"] });
  });

  it.each(["../evil.json", "../policies-of-others/evil.json", "link.json", "linked/evil.json", join(home, "evil.json"), "/etc/passwd", "", ".", ".."])("%j is of another place", async (name) => {
    await expect(readPolicyFile({ policyFolder }, name)).rejects.toMatchObject({ reason: "policy_denied" });
  });

  it.each(["team", "pipe.json", "none.json", "ok.json\0", "ok.json/"])("%j is no file that can be read", async (name) => {
    await expect(readPolicyFile({ policyFolder }, name)).rejects.toMatchObject({ reason: "unreadable_file", message: expect.stringContaining("Nothing was typed") });
  });

  it("none is read where the operator has named no folder, or one that is not there", async () => {
    await expect(readPolicyFile({ policyFolder: undefined }, "ok.json")).rejects.toMatchObject({ reason: "policy_denied" });
    await expect(readPolicyFile({ policyFolder: join(home, "gone") }, join(home, "evil.json"))).rejects.toMatchObject({ reason: "unreadable_file" });
  });
});
