import { formatAddress } from "../../core/domain/target-address.js";
import { exitCodes } from "../../core/errors/reasons.js";
import { bulkCounts, bulkJson, isBulkComplete, type BulkEvent, type BulkSendRequest, type Delivery, type DispatchClient, type TargetAddress } from "../../sdk/index.js";
import { deliveryJson, stepJson } from "../../sdk/json/delivery-json.js";
import { onInterrupt } from "../on-interrupt.js";
import { verdictLine } from "../output/delivery-text.js";
import type { SendOutput } from "./send-output.js";

/** Sends to many targets and prints each result as it comes; returns the exit code. The first ctrl-C cancels what was not typed yet. */
export async function sendMany(client: DispatchClient, request: BulkSendRequest, output: SendOutput): Promise<number> {
  const stop = new AbortController();
  const forget = onInterrupt(() => {
    output.progress("");
    output.notice("interrupted: nothing more is typed; asking what became of the rest.");
    stop.abort();
  });
  const { dryRun = false } = request;
  try {
    const run = client.bulkSend({ ...request, signal: stop.signal });
    const done: Delivery[] = [];
    let targets: readonly TargetAddress[] = [];
    for await (const event of run) {
      if (event.type === "planned") targets = event.targets;
      if (event.type === "result") done.push(event.delivery);
      output.progress("");
      show(output, event, targets);
      if (done.length < targets.length) output.progress(`${done.length} of ${targets.length}: ${summary(done, dryRun)}`);
    }
    const result = await run;
    if (output.format === "json") output.print(`${JSON.stringify(bulkJson(result, run.request), null, 2)}\n`);
    else if (output.format === "events") output.print(`${JSON.stringify({ event: "summary", ...bulkJson(result, run.request), records: undefined })}\n`);
    else output.print(targets.length === 0 ? "No target was found; nothing was typed.\n" : `${done.length} of ${targets.length}: ${summary(done, dryRun)}\n`);
    return isBulkComplete(result, dryRun) ? exitCodes.success : exitCodes.failed;
  } finally {
    forget();
  }
}

function show({ format, print }: SendOutput, event: BulkEvent, targets: readonly TargetAddress[]): void {
  if (format === "events") print(`${JSON.stringify(eventJson(event, targets))}\n`);
  else if (format === "text" && event.type === "result") print(verdictLine(event.delivery));
}

function eventJson(event: BulkEvent, targets: readonly TargetAddress[]): Record<string, unknown> {
  switch (event.type) {
    case "planned":
      return { event: "planned", targets: targets.map(formatAddress) };
    case "step":
      return { event: "step", index: event.index, ...stepJson(event.update) };
    case "result":
      return { event: "result", index: event.index, ...deliveryJson(event.delivery) };
  }
}

function summary(done: readonly Delivery[], dryRun: boolean): string {
  const { delivered, queued, typed, skipped, failed } = bulkCounts(done);
  const ready = done.filter(({ status }) => status === "dry_run").length;
  const good = dryRun ? [`${ready} would be sent`] : [`${delivered} delivered`, ...(queued > 0 ? [`${queued} queued`] : []), ...(typed > 0 ? [`${typed} typed`] : [])];
  return [...good, `${skipped - ready} left alone`, `${failed} failed`].join(", ");
}
