import { defaultTimeoutMs, type DeliveryOptions, type OnBusy, type OnDraft, type WaitFor } from "../domain/delivery.js";
import {
  OnBusy as WireOnBusy, OnDraft as WireOnDraft, WaitFor as WireWaitFor, type DeliveryOptions as WireOptions,
} from "../../proto/gen/dispatch/v1/delivery.js";
import { durationFromWire, durationToWire } from "./duration.js";
import { enumCodec } from "./enum-codec.js";

export const onBusy = enumCodec<OnBusy, WireOnBusy>(WireOnBusy, "ON_BUSY", "refuse");
export const onDraft = enumCodec<OnDraft, WireOnDraft>(WireOnDraft, "ON_DRAFT", "wait");
export const waitFor = enumCodec<WaitFor, WireWaitFor>(WireWaitFor, "WAIT_FOR", "delivered");

export function deliveryOptionsToWire(options: DeliveryOptions): WireOptions {
  const { dryRun, noSubmit, command, strict, timeoutMs } = options;
  return {
    dryRun, noSubmit, command, strict,
    onBusy: onBusy.toWire(options.onBusy),
    onDraft: onDraft.toWire(options.onDraft),
    waitFor: waitFor.toWire(options.waitFor),
    timeout: durationToWire(timeoutMs),
  };
}

/** Unset fields take the defaults that the contract names. */
export function deliveryOptionsFromWire(options: WireOptions | undefined): DeliveryOptions {
  const busy = onBusy.fromWire(options?.onBusy ?? WireOnBusy.UNSPECIFIED);
  return {
    onBusy: busy,
    onDraft: onDraft.fromWire(options?.onDraft ?? WireOnDraft.UNSPECIFIED),
    waitFor: waitFor.fromWire(options?.waitFor ?? WireWaitFor.UNSPECIFIED),
    timeoutMs: options?.timeout ? durationFromWire(options.timeout) : defaultTimeoutMs(busy),
    dryRun: options?.dryRun ?? false,
    noSubmit: options?.noSubmit ?? false,
    command: options?.command ?? false,
    strict: options?.strict ?? false,
  };
}
