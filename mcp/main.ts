#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { loadBundle } from "../core/load-bundle.js";
import type { runMcp as RunMcp } from "./run-mcp.js";

const { runMcp } = loadBundle<{ runMcp: typeof RunMcp }>(fileURLToPath(new URL("./run-mcp.cjs", import.meta.url)));
runMcp(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`dispatch-mcp: ${(error as Error).message}\n`);
  process.exitCode = 2;
});
