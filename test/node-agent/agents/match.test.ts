import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { builtInAgents } from "../../../node-agent/agents/built-in-agents.js";
import type { ProcessInfo } from "../../../node-agent/processes/process-facts.js";
import { processInfo } from "../detection/processes.js";

const root = mkdtempSync(join(tmpdir(), "match-"));
afterAll(() => rmSync(root, { recursive: true }));

function file(path: string, content = ""): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

function installed(name: string, version: string, program: string): string {
  file(`node_modules/${name}/package.json`, JSON.stringify({ name, version, bin: { [name.split("/").at(-1) ?? name]: program } }));
  return file(`node_modules/${name}/${program}`);
}

const claude = installed("@anthropic-ai/claude-code", "2.1.197", "bin/claude.exe");
const claudeScript = installed("@anthropic-ai/claude-code", "2.1.197", "cli.js");
const codexScript = installed("@openai/codex", "0.169.0", "bin/codex.js");
const codex = installed("@openai/codex-linux-x64", "0.169.0-linux-x64", "vendor/x86_64-unknown-linux-musl/bin/codex");
const codewith = installed("@hasna/codewith", "1.2.3", "bin/codewith");
const opencode = installed("opencode-ai", "1.18.33", "bin/opencode.exe");
const gemini = installed("@google/gemini-cli", "0.61.0", "bundle/gemini.js");
const native = file("share/claude/versions/2.1.140");
const server = file("home/.codex/packages/app-server-daemon/releases/0.169.0-x86_64-unknown-linux-musl/bin/codex");
const other = file("bin/claude-helper");
symlinkSync("/bin/bash", join(root, "bin/claude"));

const run = (executable: string, ...args: string[]): ProcessInfo => processInfo(7, [executable, ...args], { executable });
const node = (script: string, ...args: string[]): ProcessInfo => processInfo(7, ["node", script, ...args], { executable: "/usr/bin/node" });
const kindsOf = (process: ProcessInfo): string[] => builtInAgents.filter((adapter) => adapter.matches(process)).map(({ kind }) => kind);

describe("what is an agent that talks to a person", () => {
  it.each<[string, ProcessInfo, string]>([
    ["Claude Code of npm", run(claude), "claude"],
    ["with options and a prompt", run(claude, "--model", "opus", "--continue", "update the docs"), "claude"],
    ["with a session to go on with", run(claude, "--resume", "11111111-2222-4333-8444-555555555555"), "claude"],
    ["of the native installer", run(native), "claude"],
    ["as a script", node(claudeScript), "claude"],
    ["Codex", run(codex), "codex"],
    ["resumed", run(codex, "resume", "--last"), "codex"],
    ["with a remote server", run(codex, "--remote", "exec", "hello"), "codex"],
    ["with settings and a prompt", run(codex, "-c", "model=mock", "-m", "exec", "fix the tests"), "codex"],
    ["Codewith", run(codewith), "codewith"],
    ["OpenCode", run(opencode), "opencode"],
    ["attached to a server", run(opencode, "attach", "http://127.0.0.1:4096"), "opencode"],
    ["in another folder", run(opencode, "/home/dev/run"), "opencode"],
    ["Gemini CLI", node(gemini), "gemini"],
    ["started again with more memory", processInfo(7, ["/usr/bin/node", "--max-old-space-size=12052", gemini], { executable: "/usr/bin/node" }), "gemini"],
    ["with a first prompt", node(gemini, "-i", "mcp"), "gemini"],
  ])("%s", (_name, process, kind) => {
    expect(kindsOf(process)).toEqual([kind]);
  });
});

describe("what is none", () => {
  it.each<[string, ProcessInfo]>([
    ["claude -p", run(claude, "-p", "hello")],
    ["claude with --print behind the prompt", run(claude, "hello", "--print")],
    ["claude mcp serve", run(claude, "mcp", "serve")],
    ["Claude's daemon", run(claude, "daemon", "run")],
    ["Claude's host of a background session", run(claude, "--bg-pty-host", "/tmp/x.sock", "80", "24")],
    ["codex exec", run(codex, "exec", "hello")],
    ["codex exec behind options", run(codex, "-c", "model=mock", "exec", "hello")],
    ["Codex's server", run(server, "app-server", "--listen", "unix://")],
    ["the script that starts Codex", node(codexScript)],
    ["codex mcp-server", run(codex, "mcp-server")],
    ["codex delete", run(codex, "delete", "01a20723-ca29-7b23-92ea-1ca68bf01db6")],
    ["opencode run", run(opencode, "run", "hello")],
    ["opencode serve", run(opencode, "serve", "--port", "4096")],
    ["gemini -p", node(gemini, "-p", "hello")],
    ["gemini with its prompt joined", node(gemini, "--prompt=hello")],
    ["gemini as an editor's server", node(gemini, "--acp")],
    ["a version question", run(claude, "--version")],
    ["a program that only says so", processInfo(7, ["claude"], { executable: "/usr/bin/sleep" })],
    ["a shell by a link of that name", processInfo(7, [join(root, "bin/claude")], { executable: "/bin/bash" })],
    ["a name that only starts alike", run(other)],
    ["an install of one", processInfo(7, ["node", "/usr/lib/node_modules/npm/bin/npm-cli.js", "install", "codex"], { executable: "/usr/bin/node" })],
    ["one that may not be read", processInfo(7, ["claude"], { executable: "" })],
  ])("%s", (_name, process) => {
    expect(kindsOf(process)).toEqual([]);
  });
});

describe("version", () => {
  it.each<[string, ProcessInfo, string, string | undefined]>([
    ["of the package around the executable", run(claude), "claude", "2.1.197"],
    ["of the path", run(native), "claude", "2.1.140"],
    ["without the platform's suffix", run(codex), "codex", "0.169.0"],
    ["of the package around the script", node(gemini), "gemini", "0.61.0"],
    ["of OpenCode", run(opencode), "opencode", "1.18.33"],
    ["of Codewith", run(codewith), "codewith", "1.2.3"],
    ["of something that was deleted", run("/usr/local/bin/gone/claude"), "claude", undefined],
  ])("%s", async (_name, process, kind, version) => {
    expect(await builtInAgents.find((adapter) => adapter.kind === kind)?.version(process)).toBe(version);
  });
});
