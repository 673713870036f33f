import { DispatchError } from "../../core/errors/dispatch-error.js";
import { exitCodes } from "../../core/errors/reasons.js";
import { errorJson, failedDeliveryJson } from "../../sdk/json/error-json.js";

/** Says what went wrong and what to do; returns the exit code. A stack goes nowhere: it is no help to a user. */
export function reportError(error: unknown, { json, events, verb }: { json: boolean; events: boolean; verb: string }): number {
  const known = error instanceof DispatchError ? error : new DispatchError("internal", `Something went wrong inside: ${(error as Error).message}`);
  if (events && verb === "send") process.stdout.write(`${JSON.stringify({ event: "result", ...failedDeliveryJson(known) })}\n`);
  else if (json) process.stdout.write(`${JSON.stringify(verb === "send" ? failedDeliveryJson(known) : { error: errorJson(known) }, null, 2)}\n`);
  else process.stderr.write(`dispatch: ${known.message}\n${hintOf(known)}`);
  return verb === "send" && known.reason === "no_answer" ? exitCodes.unconfirmed : known.entry.exitCode;
}

/** What was wrong on the command line says itself how to mend it. */
function hintOf({ reason, hint }: DispatchError): string {
  return hint && reason !== "invalid_argument" ? `  ${hint}\n` : "";
}
