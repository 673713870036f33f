import type { Plugin } from "esbuild";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildPrograms, root } from "./build-programs.js";

/** Builds the programs with the scripted node wired in. */
export function setup(project: TestProject): Promise<() => void> {
  const wiring = join(root, "node-agent", "main.js");
  const scripted = { path: join(root, "test/testkit/scripted-node/main.ts") };
  const scriptedNode: Plugin = {
    name: "scripted-node",
    setup(build) {
      build.onResolve({ filter: /\/main\.js$/ }, ({ resolveDir, path }) => (join(resolveDir, path) === wiring ? scripted : undefined));
    },
  };
  return buildPrograms(project, [scriptedNode]);
}
