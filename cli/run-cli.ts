import { DispatchError } from "../core/errors/dispatch-error.js";
import { didYouMean } from "../core/text/nearest.js";
import type { Verb } from "./commands/about.js";
import { verbs } from "./commands/verbs.js";
import { outputLost } from "./output/output-lost.js";
import { reportError } from "./output/report-error.js";

/** Output to a pipe that was closed (`| head`) is dropped; it is no failure of ours. Where it is lost otherwise (a full disk) what was asked for is done all the same. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") process.stderr.write(`${outputLost(error)}\n`);
});
process.stderr.on("error", () => undefined);

/** Runs one command line and returns its exit code. Only the verb that is named is loaded. */
export async function runCli(verb: string, words: readonly string[]): Promise<number> {
  try {
    if (!isVerb(verb)) throw new DispatchError("invalid_argument", `Unknown command ${verb}.${didYouMean(verb, Object.keys(verbs))}`, { metadata: { field: "command" } });
    const { runVerb } = await import("./run-verb.js");
    return await runVerb(verb, words, await verbs[verb]());
  } catch (error) {
    return reportError(error, { json: words.includes("--json"), events: words.includes("--events"), verb });
  }
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}
