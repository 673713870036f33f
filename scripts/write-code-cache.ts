// `node write-code-cache.js BUNDLE CALLS`: makes these calls of the bundle, `[export, …arguments]` each, and keeps what V8 compiled for them until the process ends.
import { writeFileSync } from "node:fs";
import { cacheOf, compileBundle } from "../core/load-bundle.js";
import { startRehearsal } from "./rehearsal.js";

const [, , bundle = "", calls = "[]"] = process.argv;
const endRehearsal = await startRehearsal(process.env["DISPATCH_DATA_DIR"] ?? "");
const { script, run } = compileBundle<Record<string, (...words: unknown[]) => Promise<unknown>>>(bundle);
process.once("exit", () => {
  writeFileSync(cacheOf(bundle), script.createCachedData());
  process.exitCode = 0;
});
const exported = run();
for (const [name, ...words] of JSON.parse(calls) as [string, ...unknown[]][]) await exported[name]?.(...words);
await endRehearsal();
