import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

/** Processor time of all children so far, in ticks: what else runs on the machine does not count. */
function childTicks(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

it.runIf(process.platform === "linux")("--help and --version cost at most 1.6 times what node itself costs", { timeout: 120_000 }, () => {
  const bed = testBed();
  const runs = { bare: ["-e", "0"], help: [bed.program("dispatch"), "--help"], version: [bed.program("dispatch"), "--version"] };
  const ticks = { bare: 0, help: 0, version: 0 };
  for (let round = 0; round < 20; round++) {
    for (const name of ["bare", "help", "version"] as const) {
      const before = childTicks();
      expect(spawnSync(process.execPath, runs[name], { env: bed.env }).status).toBe(0);
      ticks[name] += childTicks() - before;
    }
  }
  expect(ticks.help / ticks.bare).toBeLessThanOrEqual(1.6);
  expect(ticks.version / ticks.bare).toBeLessThanOrEqual(1.6);
});
