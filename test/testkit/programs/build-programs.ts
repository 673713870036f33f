import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import type { TestProject } from "vitest/node";
import { buildAll } from "../../../scripts/build.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the programs built for this run. */
    programs: string;
  }
}

/** Builds the programs for one run of a project's tests, below node_modules so that they find their packages; returns what removes them. */
export async function buildPrograms(project: TestProject, plugins: Plugin[] = []): Promise<() => void> {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "dispatch-programs-"));
  await buildAll({ outdir, plugins });
  project.provide("programs", outdir);
  return () => rmSync(outdir, { recursive: true, force: true });
}
