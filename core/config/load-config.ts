import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { DispatchError } from "../errors/dispatch-error.js";
import { didYouMean } from "../text/nearest.js";
import { configSchemas, defaultConfig, type Config, type ConfigKey } from "./config.js";
import { environment as processEnvironment, type Environment } from "./environment.js";
import { environmentValues } from "./environment-values.js";

export interface LoadedConfig {
  readonly config: Config;
  /** Where each value came from: `default`, a file, a variable, or a flag. */
  readonly origins: Readonly<Record<ConfigKey, string>>;
}

export interface ConfigSources {
  readonly environment?: Environment;
  /** Values that were given on the command line. */
  readonly flags?: { readonly [Key in ConfigKey]?: Config[Key] | undefined };
  readonly systemFile?: string;
}

// A process reads its configuration once: code that is made for a schema costs more there than it saves.
z.config({ jitless: true });

type Issue = z.core.$ZodIssue;
const schemas = new Map<string, () => z.ZodType>(Object.entries(configSchemas));
type Layer = Partial<Config>;

/** Defaults < system file < user file < environment < flags. Strict: an unknown key is an error that names the nearest known one. */
export function loadConfig(sources: ConfigSources = {}): LoadedConfig {
  const environment = sources.environment ?? processEnvironment;
  const config: Record<string, unknown> = { ...defaultConfig(environment) };
  const origins: Record<string, string> = Object.fromEntries(Object.keys(config).map((key) => [key, "default"]));
  const apply = (values: Layer, originOf: (key: string) => string): void => {
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) continue;
      config[key] = value;
      origins[key] = originOf(key);
    }
  };
  const named = environment["DISPATCH_CONFIG"];
  for (const file of [sources.systemFile ?? "/etc/dispatch/config.json", named || userConfigFile(environment)]) {
    apply(parseLayer(readJson(file, { required: file === named }), file), () => file);
  }
  const { values, variables } = environmentValues(environment);
  apply(parseLayer(values, "environment", variables), (key) => `environment ${variables[key]}`);
  apply(parseLayer({ ...sources.flags }, "command line"), () => "command line");
  return { config: Object.freeze(config) as Config, origins: origins as Record<ConfigKey, string> };
}

function userConfigFile(environment: Environment): string {
  const home = environment["HOME"] || homedir();
  return join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "dispatch", "config.json");
}

/** An absent file is an empty layer, unless it was asked for by name. */
function readJson(file: string, { required }: { required: boolean }): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (!required && ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return {};
    throw new DispatchError("invalid_config", `${file} cannot be read: ${(error as Error).message}.`, { metadata: { file }, cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DispatchError("invalid_config", `${file} is not valid JSON: ${(error as Error).message}.`, { metadata: { file }, cause: error });
  }
}

function parseLayer(values: unknown, origin: string, variables: Readonly<Record<string, string>> = {}): Layer {
  const isObject = typeof values === "object" && values !== null && !Array.isArray(values);
  const issues: Issue[] = isObject ? [] : z.record(z.string(), z.unknown()).safeParse(values).error?.issues ?? [];
  const layer: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isObject ? values : {})) {
    if (value === undefined) continue;
    const parsed = schemas.get(key)?.().safeParse(value);
    if (!parsed) issues.push({ code: "unrecognized_keys", keys: [key], path: [], message: "" });
    else if (parsed.success) layer[key] = parsed.data;
    else issues.push(...parsed.error.issues.map((issue) => ({ ...issue, path: [key, ...issue.path] })));
  }
  if (issues.length === 0) return layer;
  throw new DispatchError("invalid_config", issues.map((issue) => `${origin}: ${describe(issue, variables)}`).join("\n"), {
    metadata: { file: origin, field: issues[0]?.path.join(".") ?? "" },
  });
}

function describe(issue: Issue, variables: Readonly<Record<string, string>>): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = path === "" ? [...schemas.keys()] : [];
    return issue.keys.map((key) => `${path && `${path}: `}unknown key "${key}".${didYouMean(key, known)}`).join(" ");
  }
  return `${variables[path] ?? (path || "configuration")}: ${issue.message}.`;
}
