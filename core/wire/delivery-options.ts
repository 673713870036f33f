import { defaultRetries, defaultTimeoutMs, type DeliveryOptions, type OnBusy, type OnDraft, type SubmitKeyChoice, type TypingMode, type WaitFor } from "../domain/delivery.js";
import {
  OnBusy as WireOnBusy, OnDraft as WireOnDraft, SubmitKey as WireSubmitKey, TypingMode as WireTypingMode, WaitFor as WireWaitFor,
  type DeliveryOptions as WireOptions,
} from "../../proto/gen/dispatch/v1/delivery.js";
import { durationFromWire, durationToWire } from "./duration.js";
import { enumCodec } from "./enum-codec.js";

export const onBusy = enumCodec<OnBusy, WireOnBusy>(WireOnBusy, "ON_BUSY", "refuse");
export const onDraft = enumCodec<OnDraft, WireOnDraft>(WireOnDraft, "ON_DRAFT", "wait");
export const waitFor = enumCodec<WaitFor, WireWaitFor>(WireWaitFor, "WAIT_FOR", "delivered");
export const typingMode = enumCodec<TypingMode, WireTypingMode>(WireTypingMode, "TYPING_MODE", "paste");
const submitKey = enumCodec<Exclude<SubmitKeyChoice, "auto">, WireSubmitKey>(WireSubmitKey, "SUBMIT_KEY", "enter");

export function deliveryOptionsToWire(options: DeliveryOptions): WireOptions {
  const { dryRun, noSubmit, command, strict, timeoutMs, retries, captureBeforeLines } = options;
  return {
    dryRun, noSubmit, command, strict, retries, captureBeforeLines,
    onBusy: onBusy.toWire(options.onBusy),
    onDraft: onDraft.toWire(options.onDraft),
    waitFor: waitFor.toWire(options.waitFor),
    timeout: durationToWire(timeoutMs),
    submitKey: options.submitKey === "auto" ? WireSubmitKey.UNSPECIFIED : submitKey.toWire(options.submitKey),
    minKeyDelay: durationToWire(options.minKeyDelayMs),
    mode: typingMode.toWire(options.mode),
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
    submitKey: options === undefined || options.submitKey === WireSubmitKey.UNSPECIFIED ? "auto" : submitKey.fromWire(options.submitKey),
    minKeyDelayMs: options?.minKeyDelay ? durationFromWire(options.minKeyDelay) : 0,
    retries: options?.retries ?? defaultRetries,
    mode: typingMode.fromWire(options?.mode ?? WireTypingMode.UNSPECIFIED),
    captureBeforeLines: options?.captureBeforeLines ?? 0,
  };
}
