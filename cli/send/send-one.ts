import type { Delivery, DeliveryUpdate } from "../../core/domain/delivery.js";
import { hasEnded } from "../../core/domain/delivery-progress.js";
import { deliveryExitCode } from "../../core/errors/delivery-exit-code.js";
import { exitCodes } from "../../core/errors/reasons.js";
import type { DispatchClient, SendRequest } from "../../sdk/index.js";
import { deliveryJson, stepJson } from "../../sdk/json/delivery-json.js";
import { onInterrupt } from "../on-interrupt.js";
import { stepLine, verdict } from "../output/delivery-text.js";
import type { SendOutput } from "./send-output.js";

/** Sends to one target and prints each step and the verdict; returns the exit code. */
export async function sendOne(client: DispatchClient, request: SendRequest, output: SendOutput): Promise<number> {
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  const run = client.send({ ...request, signal: stop.signal });
  try {
    let first: Date | undefined;
    for await (const update of run) showStep(output, update, (first ??= update.at));
    return conclude(output, await run);
  } catch (error) {
    if (stop.signal.aborted) return await interrupted(client, run.key, output);
    throw error;
  } finally {
    forget();
  }
}

/** Cancels what was not typed yet; says how far the rest has come. */
async function interrupted(client: DispatchClient, key: string, output: SendOutput): Promise<number> {
  const { delivery, cancelled } = await client.cancel(key);
  const code = conclude(output, delivery);
  if (cancelled || hasEnded(delivery.status)) return code;
  output.notice(`interrupted, but it goes on; follow it with \`dispatch show ${delivery.id}\`.`);
  return exitCodes.unconfirmed;
}

function showStep({ format, print }: SendOutput, update: DeliveryUpdate, first: Date): void {
  if (format === "events") print(`${JSON.stringify({ event: "step", ...stepJson(update) })}\n`);
  else if (format === "text") print(`${stepLine(update, first)}\n`);
}

function conclude({ format, print }: SendOutput, delivery: Delivery): number {
  if (format === "events") print(`${JSON.stringify({ event: "result", ...deliveryJson(delivery) })}\n`);
  else if (format === "json") print(`${JSON.stringify(deliveryJson(delivery), null, 2)}\n`);
  else print(verdict(delivery));
  return deliveryExitCode(delivery);
}
