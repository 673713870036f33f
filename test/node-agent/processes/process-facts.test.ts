import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { ProcProcessFacts } from "../../../node-agent/processes/proc-process-facts.js";
import type { ProcessFacts, ProcessInfo } from "../../../node-agent/processes/process-facts.js";
import { processFactsForPlatform } from "../../../node-agent/processes/process-facts-for-platform.js";
import { PsProcessFacts } from "../../../node-agent/processes/ps-process-facts.js";
import { eventually, startTmux, type TestTmux } from "../../testkit/tmux.js";

const searchPath = process.env["PATH"] ?? "";
const proc = new ProcProcessFacts(systemClock);
const adapters: readonly [string, ProcessFacts][] = [["/proc", proc], ["ps and lsof", new PsProcessFacts(searchPath)]];

/** A child that runs a thread which starts a program, and holds a file open; in a pane, so that there is a terminal. */
const program = `
  const fs = require("node:fs"), { spawn } = require("node:child_process");
  process.chdir(process.argv[2]);
  const held = [fs.openSync("held", "r"), fs.openSync("gone", "r"), fs.openSync("/dev/null", "r")];
  fs.unlinkSync("gone");
  spawn("sleep", ["1000"], { argv0: "claude", stdio: "ignore", env: { PATH: process.env.PATH, ONLY: "child" } });
  spawn("true", { detached: true, stdio: "ignore" }).unref();
  console.log("started");
  setInterval(() => held, 1000);
`;

async function startTree(): Promise<{ tmux: TestTmux; root: number; tree: ProcessInfo[] }> {
  const tmux = await startTmux(["sh"]);
  for (const name of ["held", "gone"]) writeFileSync(path.join(tmux.folder, name), "");
  writeFileSync(path.join(tmux.folder, "program.cjs"), program);
  await tmux.tmux("set-environment", "-g", "AGENT_HOME", "/home/some one");
  await tmux.tmux("respawn-pane", "-k", "-t", "%0", "--", "sh", "-c", `EMPTY= "${process.execPath}" program.cjs "${tmux.folder}"; exit`);
  const root = Number(await tmux.tmux("display-message", "-p", "-t", "%0", "#{pane_pid}"));
  const tree = await eventually(async () => {
    const found = await proc.tree(root);
    return found.length === 3 && found[2]?.argv[0] === "claude" && (await tmux.tmux("capture-pane", "-p")).includes("started") ? found : undefined;
  }, "the tree");
  return { tmux, root, tree };
}

test.each(adapters)("%s tells a real tree: parents first, program, arguments, folder and groups", async (_, facts) => {
  const { tmux, root, tree } = await startTree();
  const [shell, node, sleep] = await facts.tree(root);
  expect(shell).toMatchObject({ pid: root, ppid: await tmux.pid(), executable: realpathSync("/bin/sh"), cwd: tmux.folder });
  expect(shell?.argv[0]).toBe("sh");
  expect(node).toMatchObject({
    ppid: root, executable: realpathSync(process.execPath), argv: [process.execPath, "program.cjs", tmux.folder], cwd: tmux.folder,
    processGroup: tree[1]?.processGroup, foregroundGroup: tree[1]?.processGroup,
  });
  expect(sleep).toMatchObject({ ppid: node?.pid, executable: realpathSync("/usr/bin/sleep"), argv: ["claude", "1000"], cwd: tmux.folder });
  expect(await facts.tree(2 ** 22 + 1)).toEqual([]);
}, 20_000);

test.each(adapters)("%s tells a process that a signal stopped, and that it goes on", async (_, facts) => {
  const { root, tree } = await startTree();
  const stopped = async (): Promise<(boolean | undefined)[]> => (await facts.tree(root)).map((process) => process.stopped);
  expect(await stopped()).toEqual([false, false, false]);
  process.kill(tree[2]!.pid, "SIGSTOP");
  await eventually(async () => (await stopped())[2] === true || undefined, "the stop");
  process.kill(tree[2]!.pid, "SIGCONT");
  await eventually(async () => (await stopped())[2] === false || undefined, "the end of the stop");
}, 20_000);

test("both adapters agree on a tree", async () => {
  const { root } = await startTree();
  // The shell's own argument holds blanks, which ps does not tell apart; starts have other units.
  const comparable = async (facts: ProcessFacts): Promise<unknown> => (await facts.tree(root)).map(({ started: _, argv, ...rest }, index) => ({ ...rest, argv: index === 0 ? argv.join(" ").split(/\s+/u) : argv }));
  expect(await comparable(new PsProcessFacts(searchPath))).toEqual(await comparable(proc));
}, 20_000);

test.each(adapters)("%s tells a process's own environment and its open regular files", async (_, facts) => {
  const { tmux, tree: [, node, sleep] } = await startTree();
  const environment = await facts.environment(node?.pid ?? 0);
  expect(environment.get("AGENT_HOME")).toBe("/home/some one");
  expect(environment.get("HOME")).toBe(tmux.folder);
  expect(environment.get("EMPTY")).toBe("");
  expect(environment.get("TMUX")).toContain(tmux.socketPath);
  expect(Object.fromEntries(await facts.environment(sleep?.pid ?? 0))).toEqual({ PATH: tmux.environment["PATH"], ONLY: "child" });
  expect(await facts.openFiles(node?.pid ?? 0)).toEqual([path.join(tmux.folder, "held")]);
  expect(await facts.openFiles(node?.pid ?? 0, (file) => file.endsWith("another"))).toEqual([]);
  expect(await facts.openFiles(2 ** 22 + 1)).toEqual([]);
  expect(await facts.environment(2 ** 22 + 1)).toEqual(new Map());
}, 20_000);

test.each(adapters)("%s names one process by pid and start: the start stays, and ends with the process", async (_, facts) => {
  const { tree: [, , sleep] } = await startTree();
  const pid = sleep?.pid ?? 0;
  const started = await facts.started(pid);
  expect(started).toBeTypeOf("bigint");
  expect((await facts.tree(pid))[0]?.started).toBe(started);
  process.kill(pid, "SIGKILL");
  await eventually(async () => await facts.started(pid) === undefined, "the end");
  expect(await facts.tree(pid)).toEqual([]);
}, 20_000);

test("/proc: the start is that of proc(5), and a child of any thread is a child", async () => {
  const tmux = await startTmux(["sh"]);
  writeFileSync(path.join(tmux.folder, "threads.cjs"), `
    const { Worker } = require("node:worker_threads");
    new Worker("require('node:child_process').spawn('sleep', ['1000'], { stdio: 'ignore' }); setInterval(() => {}, 1000)", { eval: true });
  `);
  await tmux.tmux("respawn-pane", "-k", "-t", "%0", "--", process.execPath, path.join(tmux.folder, "threads.cjs"));
  const root = Number(await tmux.tmux("display-message", "-p", "-t", "%0", "#{pane_pid}"));
  const [node, sleep] = await eventually(async () => {
    const found = await proc.tree(root);
    return found[1]?.argv[0] === "sleep" ? found : undefined;
  }, "the thread's child");
  expect(sleep?.ppid).toBe(node?.pid);
  expect(readFileSync(`/proc/${root}/stat`, "utf8").replace(/^.*\) /su, "").split(" ")[19]).toBe(String(node?.started));
});

test("/proc: a program with threads is asked for new children again after a rest, and at once where it gives the terminal away or takes another's place", async () => {
  const tmux = await startTmux(["sh"]);
  writeFileSync(path.join(tmux.folder, "starts.cjs"), `
    const { spawn } = require("node:child_process");
    process.stdin.on("data", (typed) => {
      if (String(typed).includes("helper")) spawn("sleep", ["1000"], { stdio: "ignore" });
      else spawn("bash", ["--norc", "-i"], { stdio: "inherit" });
    });
    console.log("ready");
  `);
  await tmux.tmux("respawn-pane", "-k", "-t", "%0", "--", process.execPath, path.join(tmux.folder, "starts.cjs"));
  await eventually(async () => (await tmux.tmux("capture-pane", "-p")).includes("ready"), "the program");
  const root = Number(await tmux.tmux("display-message", "-p", "-t", "%0", "#{pane_pid}"));
  let now = 0;
  const resting = new ProcProcessFacts({ ...systemClock, monotonicMs: () => now });
  const seen = async (facts: ProcessFacts): Promise<string[]> => (await facts.tree(root)).slice(1).map(({ executable }) => path.basename(executable));
  expect(await seen(resting)).toEqual([]);
  await tmux.tmux("send-keys", "-t", "%0", "helper", "Enter");
  await eventually(async () => (await seen(proc)).includes("sleep"), "the helper");
  now = 99;
  expect(await seen(resting)).toEqual([]);
  now = 100;
  expect(await seen(resting)).toEqual(["sleep"]);
  await tmux.tmux("send-keys", "-t", "%0", "shell", "Enter");
  await eventually(async () => {
    const [node, ...children] = await proc.tree(root);
    return node?.foregroundGroup !== node?.processGroup && children.some(({ executable }) => executable.endsWith("bash"));
  }, "the shell in the foreground");
  expect(await seen(resting)).toEqual(["sleep", "bash"]);
}, 20_000);

test("a name with brackets, blanks and line ends does not confuse either adapter", async () => {
  const tmux = await startTmux(["sh"]);
  const name = path.join(tmux.folder, "odd) S 1 1 (\n x");
  writeFileSync(`${tmux.folder}/run.sh`, `cp "$(readlink -f /usr/bin/sleep)" "$1"; exec "$1" 1000`);
  await tmux.tmux("respawn-pane", "-k", "-t", "%0", "--", "sh", `${tmux.folder}/run.sh`, name);
  const root = Number(await tmux.tmux("display-message", "-p", "-t", "%0", "#{pane_pid}"));
  const [info] = await eventually(async () => {
    const found = await proc.tree(root);
    return found[0]?.executable === name && found[0].argv.length > 0 ? found : undefined;
  }, "the program");
  expect(info).toMatchObject({ pid: root, ppid: await tmux.pid(), argv: [name, "1000"] });
  expect((await new PsProcessFacts(searchPath).tree(root))[0]).toMatchObject({ pid: root, ppid: await tmux.pid(), processGroup: info?.processGroup });
}, 20_000);

test("the platform chooses: /proc on Linux, ps elsewhere", () => {
  expect(processFactsForPlatform("linux", searchPath, systemClock)).toBeInstanceOf(ProcProcessFacts);
  expect(processFactsForPlatform("darwin", searchPath, systemClock)).toBeInstanceOf(PsProcessFacts);
});

test("a process in a pid namespace of its own knows itself by another pid", async () => {
  const tmux = await startTmux(["unshare", "--user", "--map-root-user", "--pid", "--fork", "cat"]);
  const root = Number(await tmux.tmux("display-message", "-p", "-t", "%0", "#{pane_pid}"));
  const inside = await eventually(async () => (await proc.tree(root)).find(({ argv }) => argv[0] === "cat"), "the program in the namespace");
  expect(await proc.ownPid(inside.pid)).toBe(1);
  expect(await proc.ownPid(root)).toBe(root);
  expect(await proc.ownPid(2 ** 22 + 1)).toBe(2 ** 22 + 1);
}, 20_000);
