import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { ProcProcessFacts } from "../../../node-agent/processes/proc-process-facts.js";
import type { ProcessInfo } from "../../../node-agent/processes/process-facts.js";
import { programNames } from "../../../node-agent/processes/program-names.js";
import { eventually } from "../../testkit/tmux.js";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "dispatch-programs-")));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content = ""): string {
  const where = path.join(folder, name);
  mkdirSync(path.dirname(where), { recursive: true });
  writeFileSync(where, content, { mode: 0o755 });
  return where;
}

/** A package as npm installs it, with a bin that runs until it is killed, and its link in `.bin`. */
function installPackage(name: string, bin: string, script: string): string {
  const root = `lib/node_modules/${name}`;
  file(`${root}/package.json`, JSON.stringify({ name, version: "1.2.3", bin: { [bin]: `./${script}` } }));
  const target = file(`${root}/${script}`, "#!/usr/bin/env node\nsetInterval(() => {}, 1000);\n");
  mkdirSync(path.join(folder, "lib/node_modules/.bin"), { recursive: true });
  const link = path.join(folder, "lib/node_modules/.bin", bin);
  symlinkSync(path.relative(path.dirname(link), target), link);
  return link;
}

/** Starts a program and reads it from /proc once it runs what it is told to. */
async function started(command: string, args: readonly string[], options: { argv0?: string; cwd?: string } = {}): Promise<ProcessInfo> {
  const child = spawn(command, args, { stdio: "ignore", cwd: folder, ...options });
  children.push(child);
  return eventually(async () => {
    const [info] = await new ProcProcessFacts(systemClock).tree(child.pid ?? 0);
    // Between fork and exec it is still us; a script's first line replaces the program once more.
    return info !== undefined && info.executable !== "" && (info.argv.length > args.length || info.argv[0] === options.argv0) && !info.executable.endsWith("/env") ? info : undefined;
  }, "the program");
}

function processOf(executable: string, argv: readonly string[]): ProcessInfo {
  return { pid: 1, ppid: 0, started: 1n, executable, argv, cwd: folder, processGroup: 1, foregroundGroup: 1 };
}

const shown = (process: ProcessInfo): string[] => programNames(process).map(({ name, via }) => `${via} ${name}`);

test("a script that npm installed is known by its package, its declared bin and the link it was started by", async () => {
  const link = installPackage("@openai/codex", "codex", "bin/codex.js");
  expect(shown(await started(link, []))).toEqual(["executable node", "package @openai/codex", "bin codex", "link codex"]);
  const gemini = installPackage("@google/gemini-cli", "gemini", "bundle/gemini.js");
  for (const args of [["--max-old-space-size=512", gemini], ["--no-warnings", "--import", "data:text/javascript,", "--conditions", "x", gemini, "--import", "y"], ["--", gemini]]) {
    expect(shown(await started(process.execPath, args))).toEqual(["executable node", "package @google/gemini-cli", "bin gemini", "link gemini"]);
  }
  expect(shown(await started(process.execPath, ["bundle/gemini.js"], { cwd: path.join(folder, "lib/node_modules/@google/gemini-cli") }))).toEqual(["executable node", "package @google/gemini-cli", "bin gemini"]);
});

test("what only carries a name proves nothing", async () => {
  const hook = installPackage("@openai/codex", "codex", "bin/codex.js");
  const own = file("claude/codex.js", "setInterval(() => {}, 1000);");
  const named = file("codex", "setInterval(() => {}, 1000);");
  const wait = "setInterval(() => {}, 1000)";
  expect(shown(await started("sleep", ["1000"], { argv0: "claude" }))).toEqual([`executable ${path.basename(realpathSync("/usr/bin/sleep"))}`]);
  expect(shown(await started("sleep", ["1000"], { argv0: "/usr/local/bin/claude" }))).toEqual([`executable ${path.basename(realpathSync("/usr/bin/sleep"))}`]);
  for (const args of [[own], [named], ["-e", wait, hook], ["--eval", wait, hook], ["--require", hook, own], [own, hook], ["-r", hook, "-e", wait]]) {
    expect(shown(await started(process.execPath, args))).toEqual(["executable node"]);
  }
});

test("a native program is known by its file, its package and its link", async () => {
  const copy = "lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe";
  mkdirSync(path.dirname(path.join(folder, copy)), { recursive: true });
  
  copyFileSync("/usr/bin/sleep", path.join(folder, copy));
  file("lib/node_modules/@anthropic-ai/claude-code/package.json", JSON.stringify({ bin: { claude: "bin/claude.exe" } }));
  symlinkSync(path.join(folder, copy), path.join(folder, "cc"));
  expect(shown(await started(path.join(folder, copy), ["1000"]))).toEqual(["executable claude", "package @anthropic-ai/claude-code", "bin claude"]);
  expect(shown(await started("./cc", ["1000"]))).toEqual(["executable claude", "package @anthropic-ai/claude-code", "bin claude", "link cc"]);
  mkdirSync(path.join(folder, "share/claude/versions"), { recursive: true });
  copyFileSync("/usr/bin/sleep", path.join(folder, "share/claude/versions/2.1.197"));
  expect(shown(await started(path.join(folder, "share/claude/versions/2.1.197"), ["1000"], { argv0: "claude" }))).toEqual(["executable claude"]);
});

test("other runtimes, other package managers' folders", () => {
  const codex = installPackage("@openai/codex", "codex", "bin/codex.js");
  const expected = ["package @openai/codex", "bin codex", "link codex"];
  expect(shown(processOf("/home/u/.bun/bin/bun", ["bun", codex]))).toEqual(["executable bun", ...expected]);
  expect(shown(processOf("/home/u/.bun/bin/bun", ["bun", "--preload", "./x.ts", "run", "--cwd", "/", codex]))).toEqual(["executable bun", ...expected]);
  expect(shown(processOf("/usr/bin/deno", ["deno", "run", "-A", "--config", "deno.json", codex]))).toEqual(["executable deno", ...expected]);
  expect(shown(processOf("/usr/bin/deno", ["deno", "run", "-A", "npm:@google/gemini-cli@0.61.0", "chat"]))).toEqual(["executable deno", "package @google/gemini-cli"]);
  expect(shown(processOf("/usr/bin/deno", ["deno", "npm:cowsay"]))).toEqual(["executable deno", "package cowsay"]);
  const pnpm = file("node_modules/.pnpm/@google+gemini-cli@0.61.0/node_modules/@google/gemini-cli/bundle/gemini.js");
  expect(shown(processOf("/usr/bin/node-22", ["node", pnpm]))).toEqual(["executable node-22", "package @google/gemini-cli"]);
  const nested = file("node_modules/@google/gemini-cli/node_modules/helper/cli.js");
  expect(shown(processOf("/usr/bin/node", ["node", nested]))).toEqual(["executable node", "package helper"]);
  expect(shown(processOf("/usr/bin/nodemon", ["node", codex]))).toEqual(["executable nodemon"]);
});

test("what cannot be read has no names, and a broken package.json declares nothing", () => {
  expect(shown(processOf("", ["claude"]))).toEqual([]);
  expect(shown(processOf("/usr/bin/node", ["node"]))).toEqual(["executable node"]);
  expect(shown(processOf("/usr/bin/node", ["npm exec @google/gemini-cli"]))).toEqual(["executable node"]);
  expect(shown(processOf("/usr/bin/node", ["node", path.join(folder, "node_modules/gone/x.js")]))).toEqual(["executable node"]);
  file("node_modules/odd/package.json", "{ not json");
  expect(shown(processOf("/usr/bin/node", ["node", file("node_modules/odd/x.js")]))).toEqual(["executable node", "package odd"]);
  file("node_modules/strange/package.json", JSON.stringify({ bin: { a: 1, b: null, c: "../odd/x.js" } }));
  expect(shown(processOf("/usr/bin/node", ["node", file("node_modules/strange/x.js")]))).toEqual(["executable node", "package strange"]);
});
