import type { Config } from "../config/config.js";
import { loadIdentity } from "./identity-store.js";

/** A machine that has joined a fleet has the name that its certificate has, so that it is called the same everywhere; its own name still leads to it here. */
export function inFleet(config: Config): Config {
  const name = loadIdentity(config.dataDir, "node")?.identity.name;
  if (name === undefined || name.toLowerCase() === config.machine.toLowerCase()) return config;
  return { ...config, machine: name, aliases: [...config.aliases, config.machine] };
}
