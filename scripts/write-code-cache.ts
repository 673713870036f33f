// `node write-code-cache.js BUNDLE`: runs the command line once, to its first question to the background process, and keeps what V8 compiled for it.
import { writeFileSync } from "node:fs";
import type { runCli as RunCli } from "../cli/run-cli.js";
import { cacheOf, compileBundle } from "../cli/load-bundle.js";

const [, , bundle = ""] = process.argv;
const { script, run } = compileBundle<{ runCli: typeof RunCli }>(bundle);
await run().runCli("targets", ["--no-autostart"]);
writeFileSync(cacheOf(bundle), script.createCachedData());
process.exitCode = 0;
