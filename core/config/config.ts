import { homedir, hostname } from "node:os";
import { isAbsolute, join } from "node:path";
import * as z from "zod";
import { grantShape, subjectGrantSchema } from "../access/grant-schema.js";
import { isSshDestination } from "../ssh/ssh-arguments.js";
import { hasPort, isHostPort } from "../transport/host-port.js";
import { logLevels } from "./log-level.js";
import { profileSchema } from "./profile-schema.js";
import type { Environment } from "./environment.js";

/** No configuration may set a limit beyond this. */
export const largestPromptBytes = 32 * 1024 * 1024;

const machineName = () => z.string().regex(/^[^/\s:*?]+$/, "must be a name without slash, colon, wildcard or space");
const hostPort = () => z.string().refine((text) => isHostPort(text) || !hasPort(text), "must be host:port").refine(hasPort, "must have a port of at most 65535");
const coordinatorAddress = () => z.string().regex(/^(?:(?:tailnet:)?[^\s:/*?[\]]+|\[[0-9a-fA-F:.%]+\]):[1-9]\d{0,4}$/, "must be host:port or tailnet:machine:port").refine(hasPort, "must have a port of at most 65535");

const nodeAddress = () => z.string().refine((text) => (text.startsWith("ssh://") ? isSshDestination(text) : hostPort().safeParse(text).success), "must be host:port or ssh://user@host");

/**
 * Every key that may be configured, and the schema of its value. Files hold these as JSON; `DISPATCH_DATA_DIR` and so on set the plain ones. A
 * schema is made when a value is checked: a command starts often, and mostly has none or one to check.
 */
export const configSchemas = {
  /** Name of this machine in targets. */
  machine: machineName,
  /** Folder of databases, sockets and the log; 0700. */
  dataDir: () => z.string().refine(isAbsolute, "must be an absolute path"),
  /** Largest prompt, in bytes of UTF-8. */
  maxPromptBytes: () => z.int().min(1).max(largestPromptBytes),
  /** Deliveries that a coordinator has its nodes type and prove at once, in all and on one machine; callers take turns. */
  maxDeliveries: () => z.int().min(1).max(100_000),
  maxDeliveriesPerMachine: () => z.int().min(1).max(100_000),
  logLevel: () => z.enum(logLevels),
  /** Whether a command may start the background process. */
  autostart: () => z.boolean(),
  /** Least pause between paste and key, as the predecessor reckoned it; nothing is waited for where none of the four is set. */
  minDelayMs: () => z.number().min(0).max(60_000).optional(),
  maxDelayMs: () => z.number().min(0).max(60_000).optional(),
  msPerWord: () => z.number().min(0).optional(),
  msPerChar: () => z.number().min(0).optional(),
  /** Other names of this machine in targets. */
  aliases: () => z.array(machineName()),
  /**
   * `host:port` at which the node takes calls of its coordinator, with mutual TLS, or `tailnet:port`, its own address of the tailnet; on its
   * socket alone where it is not given.
   */
  nodeListen: () => hostPort().optional(),
  /** `host:port` under which the coordinator reaches the node, where that is not what it listens on. */
  nodeAddress: () => hostPort().optional(),
  /** `host:port` or `tailnet:port` at which the coordinator takes calls; on its socket alone where it is not given. */
  coordinatorListen: () => hostPort().optional(),
  /** `host:port` of the coordinator that this machine belongs to, or `tailnet:machine:port`; its own where it is not given. */
  coordinator: () => coordinatorAddress().optional(),
  /** The coordinator's nodes are looked for among the peers of the tailnet: those with the tag, or all that answer at the port. */
  tailnetNodes: () => z.strictObject({ port: z.int().min(1).max(65_535), tag: z.string().regex(/^tag:[a-zA-Z0-9-]+$/, "must be a tag, such as tag:agents").optional() }).optional(),
  /** Capability of the tailnet's policy file whose values are grants. */
  tailnetCapability: () => z.string().min(1),
  /** Machines that the coordinator knows without their having joined; those at `ssh://user@host` are reached through OpenSSH. */
  nodes: () => z.array(z.strictObject({ machine: machineName(), address: nodeAddress(), aliases: z.array(machineName()).default([]) })),
  /** `host:port` on loopback at which `/v1` is served over HTTP; nowhere where it is not given. */
  httpListen: () => hostPort().optional(),
  /** Who may call over HTTP, and what: the SHA-256 of each one's bearer token, hexadecimal. */
  httpTokens: () => z.array(z.strictObject({ name: z.string().regex(/^[A-Za-z0-9._-]{1,63}$/, "must be 1 to 63 letters, digits, dots, hyphens or underscores"), sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits"), ...grantShape() })),
  /** Folder of the exec policies that callers over MCP and HTTP may name; none may be named where it is not given. */
  policyFolder: () => z.string().refine(isAbsolute, "must be an absolute path").optional(),
  /** What callers from the network may do here; of whom nothing is said here their certificates say it. */
  grants: () => z.array(subjectGrantSchema),
  /** Agents that are not built in. */
  profiles: () => z.array(profileSchema).refine((profiles) => new Set(profiles.map(({ name }) => name)).size === profiles.length, "two profiles have the same name"),
};

type Schemas = { [Key in keyof typeof configSchemas]: ReturnType<(typeof configSchemas)[Key]> };
export type Config = Readonly<z.infer<z.ZodObject<Schemas>>>;
export type ConfigKey = keyof Config;

export function defaultConfig(environment: Environment): Config {
  const home = environment["HOME"] || homedir();
  return {
    machine: hostname().split(".")[0] || "localhost",
    dataDir: join(environment["XDG_STATE_HOME"] || join(home, ".local", "state"), "dispatch"),
    maxPromptBytes: 1024 * 1024,
    maxDeliveries: 1_000,
    maxDeliveriesPerMachine: 1_000,
    logLevel: "info",
    autostart: true,
    aliases: [],
    nodes: [],
    httpTokens: [],
    tailnetCapability: "dispatch.local/cap/dispatch",
    grants: [],
    profiles: [],
  } satisfies Config;
}
