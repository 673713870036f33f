import { DispatchError } from "../errors/dispatch-error.js";
import { didYouMean } from "../text/nearest.js";
import { aiVariables } from "./ai-environment.js";
import type { Config, ConfigKey } from "./config.js";
import type { Environment } from "./environment.js";

const text = (value: string): string => value;
const number = (value: string): unknown => (value.trim() === "" || Number.isNaN(Number(value)) ? value : Number(value));
const boolean = (value: string): unknown => ({ "1": true, true: true, "0": false, false: false })[value.toLowerCase()] ?? value;

/** How each key that a variable can set is read; what cannot be read is left for the schema to refuse. */
const readers = {
  machine: text, dataDir: text, nodeListen: text, nodeAddress: text, coordinatorListen: text, coordinator: text, tailnetCapability: text, policyFolder: text, httpListen: text, maxPromptBytes: number, maxDeliveries: number, maxDeliveriesPerMachine: number, logLevel: text, autostart: boolean,
  minDelayMs: number, maxDelayMs: number, msPerWord: number, msPerChar: number,
} satisfies Partial<Record<ConfigKey, (value: string) => unknown>>;

const prefix = "DISPATCH_";
const variableOf = (key: string): string => prefix + key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** Variables that are ours but name no key. */
const otherVariables = ["DISPATCH_CONFIG", ...aiVariables];

/** Of the predecessor: there is nothing here that they could set (docs/differences.md). */
const formerVariables = [
  "DISPATCH_DAEMON_INTERVAL_MS", "DISPATCH_REMOTE_TIMEOUT_MS", "DISPATCH_SETTLE_TIMEOUT_MS", "DISPATCH_SUBMIT_TIMEOUT_MS",
  "DISPATCH_SUBMIT_RETRY_INTERVAL_MS", "DISPATCH_BACKEND", "DISPATCH_MOSAIC_BIN", "DISPATCH_STORAGE_MODE",
];

/** Values that `DISPATCH_*` sets, and the variable of each key. An empty variable sets nothing. */
export function environmentValues(environment: Environment): { values: Partial<Record<keyof Config, unknown>>; variables: Record<string, string> } {
  const variables = Object.fromEntries(Object.keys(readers).map((key) => [key, variableOf(key)]));
  refuseUnknown(environment, [...Object.values(variables), ...otherVariables, ...formerVariables]);
  const values: Partial<Record<keyof Config, unknown>> = {};
  for (const [key, read] of Object.entries(readers)) {
    const value = environment[variableOf(key)];
    if (value) values[key as keyof Config] = read(value);
  }
  return { values, variables };
}

function refuseUnknown(environment: Environment, known: readonly string[]): void {
  const unknown = Object.keys(environment).find((name) => name.startsWith(prefix) && !known.includes(name));
  if (unknown === undefined) return;
  throw new DispatchError("invalid_config", `environment: unknown variable ${unknown}.${didYouMean(unknown, known)}`, { metadata: { file: "environment", field: unknown } });
}
