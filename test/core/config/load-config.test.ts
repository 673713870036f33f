import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { loadConfig, type LoadedConfig } from "../../../core/config/load-config.js";

let home: string;
let systemFile: string;
let userFile: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "dispatch-config-"));
  systemFile = join(home, "system.json");
  userFile = join(home, ".config", "dispatch", "config.json");
  mkdirSync(join(home, ".config", "dispatch"), { recursive: true });
  onTestFinished(() => rmSync(home, { recursive: true }));
});

const load = (environment: Record<string, string> = {}, flags: { dataDir?: string } = {}): LoadedConfig =>
  loadConfig({ environment: { HOME: home, ...environment }, flags, systemFile });

describe("each layer wins over the one before, and each value tells where it came from", () => {
  it("defaults", () => {
    const { config, origins } = load();
    expect(config).toEqual({ machine: hostname().split(".")[0], dataDir: `${home}/.local/state/dispatch`, maxPromptBytes: 1048576, logLevel: "info", autostart: true, maxDeliveries: 1000, maxDeliveriesPerMachine: 1000, aliases: [], nodes: [], grants: [], tailnetCapability: "dispatch.local/cap/dispatch", httpTokens: [], profiles: [] });
    expect(new Set(Object.values(origins))).toEqual(new Set(["default"]));
    expect(load({ XDG_STATE_HOME: "/var/x" }).config.dataDir).toBe("/var/x/dispatch");
  });

  it("system file < user file < environment < flags", () => {
    writeFileSync(systemFile, JSON.stringify({ machine: "a", logLevel: "warn", maxPromptBytes: 1, dataDir: "/a" }));
    writeFileSync(userFile, JSON.stringify({ logLevel: "error", maxPromptBytes: 2, dataDir: "/b" }));
    const { config, origins } = load({ DISPATCH_MAX_PROMPT_BYTES: "3", DISPATCH_DATA_DIR: "/c", DISPATCH_AUTOSTART: "0" }, { dataDir: "/d" });
    expect(config).toEqual({ machine: "a", logLevel: "error", maxPromptBytes: 3, dataDir: "/d", autostart: false, maxDeliveries: 1000, maxDeliveriesPerMachine: 1000, aliases: [], nodes: [], grants: [], tailnetCapability: "dispatch.local/cap/dispatch", httpTokens: [], profiles: [] });
    expect(origins).toEqual({
      machine: systemFile, logLevel: userFile, maxPromptBytes: "environment DISPATCH_MAX_PROMPT_BYTES", dataDir: "command line", autostart: "environment DISPATCH_AUTOSTART",
      maxDeliveries: "default", maxDeliveriesPerMachine: "default", aliases: "default", nodes: "default", grants: "default", tailnetCapability: "default", httpTokens: "default", profiles: "default",
    });
  });

  it("DISPATCH_CONFIG and XDG_CONFIG_HOME name the user file", () => {
    mkdirSync(join(home, "x", "dispatch"), { recursive: true });
    writeFileSync(join(home, "x", "dispatch", "config.json"), JSON.stringify({ machine: "x" }));
    writeFileSync(join(home, "mine.json"), JSON.stringify({ machine: "mine" }));
    expect(load({ XDG_CONFIG_HOME: join(home, "x") }).config.machine).toBe("x");
    expect(load({ XDG_CONFIG_HOME: join(home, "x"), DISPATCH_CONFIG: join(home, "mine.json") }).config.machine).toBe("mine");
  });

  it("an empty variable sets nothing", () => {
    expect(load({ DISPATCH_MACHINE: "" }).origins.machine).toBe("default");
  });
});

describe("what is not valid is refused by name", () => {
  it.each([
    ['{"maxPromtBytes": 1}', 'unknown key "maxPromtBytes". Did you mean maxPromptBytes?'],
    ['{"xyzzy": 1}', 'unknown key "xyzzy".'],
    ['{"constructor": 1, "toString": 2}', 'unknown key "constructor".'],
    ['{"maxPromptBytes": "many"}', "maxPromptBytes: "],
    ['{"dataDir": "relative/path"}', "dataDir: must be an absolute path."],
    ['{"machine": "a/b"}', "machine: must be a name without slash, colon, wildcard or space."],
    ['{"nodeListen": "0.0.0.0"}', "nodeListen: must be host:port."],
    ['{"nodeListen": "h:99999"}', "nodeListen: must have a port of at most 65535."],
    ['{"coordinator": "http://h:1"}', "coordinator: must be host:port or tailnet:machine:port."],
    ['{"nodes": [{"machine": "far"}]}', "nodes.0.address: "],
    ['{"grants": [{"subject": "alice", "roles": ["send"]}]}', "grants.0.subject: must begin with a kind"],
    ['{"grants": [{"subject": "client:alice", "role": "send"}]}', 'grants.0: unknown key "role".'],
    ['{"aliases": ["a*"]}', "aliases.0: must be a name"],
    ['{"profiles": [{"name": "x", "proces": {}}]}', 'profiles.0: unknown key "proces".'],
    ["{", "is not valid JSON"],
    ["[]", "configuration: "],
  ])("in a file: %s", (content, expected) => {
    writeFileSync(userFile, content);
    expect(() => load()).toThrow(expect.objectContaining({ reason: "invalid_config", message: expect.stringContaining(expected) }));
    expect(() => load()).toThrow(userFile);
  });

  it.each([
    [{ DISPATCH_DATADIR: "/x" }, "unknown variable DISPATCH_DATADIR. Did you mean DISPATCH_DATA_DIR?"],
    [{ DISPATCH_MAX_PROMPT_BYTES: "many" }, "DISPATCH_MAX_PROMPT_BYTES: "],
    [{ DISPATCH_AUTOSTART: "perhaps" }, "DISPATCH_AUTOSTART: "],
    [{ DISPATCH_LOG_LEVEL: "loud" }, "DISPATCH_LOG_LEVEL: "],
  ])("in the environment: %o", (environment, expected) => {
    expect(() => load(environment)).toThrow(expect.objectContaining({ reason: "invalid_config", message: expect.stringContaining(expected) }));
  });

  it.each([
    "DISPATCH_DAEMON_INTERVAL_MS", "DISPATCH_REMOTE_TIMEOUT_MS", "DISPATCH_SETTLE_TIMEOUT_MS", "DISPATCH_SUBMIT_TIMEOUT_MS", "DISPATCH_SUBMIT_RETRY_INTERVAL_MS", "DISPATCH_BACKEND", "DISPATCH_MOSAIC_BIN", "DISPATCH_STORAGE_MODE",
  ])("%s of the predecessor may stay set, and changes nothing", (name) => {
    expect(load({ [name]: "5" })).toEqual(load());
  });

  it("a file that DISPATCH_CONFIG names must be there", () => {
    expect(() => load({ DISPATCH_CONFIG: "/no/such.json" })).toThrow("/no/such.json cannot be read");
  });

  it("a file that cannot be read is named", () => {
    mkdirSync(systemFile);
    expect(() => load()).toThrow(`${systemFile} cannot be read`);
  });
});
