// `node write-code-cache.js BUNDLE EXPORT ARGUMENTS`: calls a function of the bundle once, and keeps what V8 compiled for it until the process ends.
import { writeFileSync } from "node:fs";
import { cacheOf, compileBundle } from "../core/load-bundle.js";

const [, , bundle = "", name = "", words = "[]"] = process.argv;
const { script, run } = compileBundle<Record<string, (...words: unknown[]) => Promise<unknown>>>(bundle);
process.once("exit", () => {
  writeFileSync(cacheOf(bundle), script.createCachedData());
  process.exitCode = 0;
});
await run()[name]?.(...(JSON.parse(words) as unknown[]));
