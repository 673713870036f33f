import { givenDeliveryId } from "../domain/delivery-id.js";
import type { ExecOptions, ExecRequest } from "../domain/exec.js";
import type { ExecOptions as WireOptions, ExecRequest as WireRequest } from "../../proto/gen/dispatch/v1/exec.js";
import { durationFromWire, durationToWire } from "./duration.js";
import { addressFromWire } from "./target.js";

const defaultTimeoutMs = 60_000;

export function execOptionsToWire({ policy, timeoutMs, ...rest }: ExecOptions): WireOptions {
  return {
    ...rest,
    timeout: durationToWire(timeoutMs),
    policy: policy && { allowPrefixes: [...policy.allowPrefixes], allowTargets: [...policy.allowTargets], allowGitResetHardPaths: [...policy.allowGitResetHardPaths] },
  };
}

export function execOptionsFromWire(options: WireOptions | undefined): ExecOptions {
  return {
    policy: options?.policy,
    dryRun: options?.dryRun ?? false,
    forceInterrupt: options?.forceInterrupt ?? false,
    wait: options?.wait ?? false,
    timeoutMs: options?.timeout ? durationFromWire(options.timeout) : defaultTimeoutMs,
  };
}

export function execRequestFromWire({ deliveryId, target, command, options }: WireRequest): ExecRequest {
  return { deliveryId: givenDeliveryId(deliveryId), command, address: addressFromWire(target), options: execOptionsFromWire(options) };
}
