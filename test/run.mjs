// `npm test`: everything that needs no real agent, from a fresh checkout. Further arguments go to vitest.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, ensureInstalled, ensureTmux, root } from "./testkit/bootstrap.mjs";

ensureInstalled();
ensureTmux();
build();

const folder = mkdtempSync(join(tmpdir(), "dispatch-test-report-"));
const report = join(folder, "report.json");
const vitest = join(root, "node_modules", ".bin", "vitest");
const { status } = spawnSync(vitest, ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });

let failed = 1;
try {
  const { numPassedTests, numFailedTests, numTotalTestSuites, testResults } = JSON.parse(readFileSync(report, "utf8"));
  // A file that cannot be loaded, and an error outside of any test, fail without a failed test.
  const brokenFiles = testResults.filter((file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed")).length;
  failed = numFailedTests + brokenFiles || (status === 0 && numTotalTestSuites > 0 ? 0 : 1);
  console.log(`${numPassedTests} passed, ${failed} failed`);
} catch (error) {
  console.log(`0 passed, 1 failed`);
  console.error(`vitest left no report: ${error.message}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed > 0 ? 1 : 0);
