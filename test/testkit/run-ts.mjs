#!/usr/bin/env node
// Runs a TypeScript file as it stands: `node test/testkit/run-ts.mjs FILE [ARG…]`. Types are removed by esbuild, file by file,
// so that import.meta.url and stack traces keep naming the sources.
import { register } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [file, ...rest] = process.argv.slice(2);
if (!file) {
  process.stderr.write("usage: node test/testkit/run-ts.mjs FILE [ARG…]\n");
  process.exit(2);
}
register("./ts-hooks.mjs", import.meta.url);
process.setSourceMapsEnabled(true);
process.env.TEST_RUN_TS = fileURLToPath(import.meta.url);
process.argv = [process.argv[0], resolve(file), ...rest];
await import(pathToFileURL(resolve(file)).href);
