#!/usr/bin/env node
import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterTurn } from "../core/clock.js";
import { version } from "../core/version.js";
import { loadBundle } from "../core/load-bundle.js";
import { outputLost } from "./output/output-lost.js";
import { helpText } from "./output/help-text.js";
import type { runCli as RunCli } from "./run-cli.js";

const [verb, ...words] = process.argv.slice(2);

/** Answers that need none of the rest are given without loading it. */
function answer(text: string): void {
  try {
    writeSync(1, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") process.stderr.write(`${outputLost(error as Error)}\n`);
  }
}

if (verb === "--version" || verb === "-v") {
  answer(`${version}\n`);
} else if (verb === undefined || verb === "help" || verb === "--help" || verb === "-h") {
  answer(helpText());
} else {
  const { runCli } = loadBundle<{ runCli: typeof RunCli }>(fileURLToPath(new URL("./run-cli.cjs", import.meta.url)));
  void runCli(verb, words).then(end);
}

/** Ends with what was written gone out; closing what is open and giving memory back would take as long as a look at a pane. */
function end(code: number): void {
  // Where it could not be written, that is said a turn later.
  process.stdout.write("", () => afterTurn(() => process.stderr.write("", () => process.exit(code))));
}
