import type { TestProject } from "vitest/node";
import { buildPrograms } from "../programs/build-programs.js";

/** Builds the programs as they are shipped. */
export function setup(project: TestProject): Promise<() => void> {
  return buildPrograms(project);
}
