import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, inject, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

/** Names of the files that a run loaded beside node's own modules, as node itself reports them. */
async function filesLoadedBy(args: readonly string[]): Promise<string[]> {
  const bed = testBed();
  const reports = mkdtempSync(join(bed.home, "loaded-"));
  expect(await bed.dispatch(args, { env: { NODE_V8_COVERAGE: reports } })).toMatchObject({ code: 0, stderr: "" });
  const scripts = readdirSync(reports).flatMap((file) => (JSON.parse(readFileSync(join(reports, file), "utf8")) as { result: { url: string }[] }).result);
  return [...new Set(scripts.filter(({ url }) => url.startsWith("file:")).map(({ url }) => basename(url)))];
}

it.each([["--help"], ["--version"]])("%s loads its own file and nothing else: what that costs beyond bare node is measured by bench:send", async (flag) => {
  expect(await filesLoadedBy([flag])).toEqual(["dispatch.cjs"]);
});

it("a verb loads more", async () => {
  expect((await filesLoadedBy(["completion", "bash"])).length).toBeGreaterThan(1);
});

it.each(["dispatch", "dispatch-mcp"])("%s.js, which settings of other programs may hold, is the same program", (name) => {
  const [now, before] = ["cjs", "js"].map((ending) => execFileSync(process.execPath, [join(inject("programs"), `${name}.${ending}`), "--help"], { env: testBed().env, encoding: "utf8" }));
  expect(now).toContain("dispatch");
  expect(before).toBe(now);
});
