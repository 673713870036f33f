import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testBed, type Ran, type RunOptions } from "../testkit/programs/test-bed.js";

const bed = testBed();
const to = ["send", "--to", "idle"];

/** A plain sentence on standard error, nothing on standard output, and no stack. */
async function refusal(args: readonly string[], options?: RunOptions): Promise<Ran> {
  const ran = await bed.dispatch(args, options);
  expect(ran.stdout).toBe("");
  expect(ran.stderr).toMatch(/^dispatch: \S.*[.?]\n/);
  expect(ran.stderr).not.toMatch(/^\s+at |node:internal|Error:/m);
  return ran;
}

describe("a prompt that cannot be sent", () => {
  it.each([
    ["none at all", to, {}, 2, "The prompt is empty."],
    ["an empty one", [...to, "--prompt", ""], {}, 2, "The prompt is empty."],
    ["blanks alone", [...to, "--prompt", " \n "], {}, 2, "The prompt is empty."],
    ["an empty standard input", to, { stdin: "" }, 2, "The prompt is empty."],
    ["invalid UTF-8 on standard input", to, { stdin: Buffer.from([0x61, 0xff]) }, 2, "Standard input is not valid UTF-8."],
    ["a file that is not there", [...to, "--file", "nope.txt"], {}, 2, "The file nope.txt cannot be read: there is no such file."],
    ["a folder for a file", [...to, "--file", "."], {}, 2, "The file . cannot be read: it is a folder."],
  ] as const)("%s", async (_what, args, options, code, sentence) => {
    const ran = await refusal(args, options);
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(sentence)]);
  });

  it("invalid UTF-8 in a file", async () => {
    writeFileSync(join(bed.home, "latin1.txt"), Buffer.from("caf\xe9", "latin1"));
    const { code, stderr } = await refusal([...to, "--file", "latin1.txt"]);
    expect([code, stderr]).toEqual([2, "dispatch: The file latin1.txt is not valid UTF-8.\n  Convert it to UTF-8, for example with iconv.\n"]);
  });

  it("invalid UTF-8 in an argument; a replacement character that was really given is fine", async () => {
    const shell = (prompt: string): string => `${process.execPath} ${bed.program("dispatch")} send --to idle --prompt "${prompt}" 2>&1 </dev/null; true`;
    const run = (prompt: string): string => execFileSync("sh", ["-c", `x=$(printf '${prompt}'); ${shell("$x")}`], { env: bed.env, encoding: "utf8" });
    expect(run("caf\\351")).toBe("dispatch: The prompt is not valid UTF-8.\n  Convert it to UTF-8, for example with iconv.\n");
    expect(run("\\357\\277\\275")).toContain("✓ delivered");
  });

  it("a file that may not be read", async () => {
    const path = join(bed.home, "secret.txt");
    writeFileSync(path, "x", { mode: 0o000 });
    chmodSync(bed.home, 0o711);
    const other = join(bed.home, "other");
    mkdirSync(other, { mode: 0o777 });
    const uid = process.getuid?.() === 0 ? { uid: 65534 } : {};
    const { code, stderr } = await refusal([...to, "--file", path], { ...uid, env: { DISPATCH_DATA_DIR: join(other, "state") } });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`The file ${path} cannot be read: you may not read it`)]);
  });

  it("one over the limit, which can be configured", async () => {
    const big = await refusal(to, { stdin: "x".repeat(1024 * 1024 + 1) });
    expect([big.code, big.stderr]).toEqual([2, expect.stringContaining("The prompt has 1048577 bytes; the limit is 1048576.")]);
    const small = testBed();
    const { code, stderr } = await small.dispatch([...to, "-p", "12345"], { env: { DISPATCH_MAX_PROMPT_BYTES: "4" } });
    expect([code, stderr]).toEqual([2, expect.stringContaining("the limit is 4.")]);
  });

  it.each([["a file", [...to, "--file", "/dev/zero"], "The file /dev/zero"], ["a standard input", to, "Standard input"]])("%s without end is given up once no limit could be so high", async (_what, args, named) => {
    const run = `${process.execPath} ${bed.program("dispatch")} ${args.join(" ")} </dev/zero 2>&1; echo "exit $?"`;
    const told = execFileSync("sh", ["-c", run], { env: bed.env, encoding: "utf8" });
    expect(told).toMatch(new RegExp(`^dispatch: ${named} has more than 33554432 bytes; no limit can be set so high.\n.*\nexit 2\n$`));
  });

  it("a named pipe that nobody writes to is given up at the timeout, and one that somebody writes to later is read", async () => {
    execFileSync("mkfifo", [join(bed.home, "named")]);
    expect(await bed.dispatch([...to, "--file", join(bed.home, "named"), "--timeout", "1s"])).toMatchObject({ code: 2, stderr: `dispatch: The file ${join(bed.home, "named")} did not end in time.\n` });
    const { ended } = bed.start([...to, "--file", join(bed.home, "named"), "--timeout", "20s", "--json"]);
    // Opening it waits for the reader.
    execFileSync("sh", ["-c", `echo later > ${join(bed.home, "named")}`]);
    expect(JSON.parse((await ended).stdout)).toMatchObject({ status: "delivered", promptBytes: 6 });
  });

  it("a standard input that never ends is told of, and given up at the timeout", async () => {
    const { child, ended } = bed.start([...to, "-p", "x", "--timeout", "3s"], { stdin: "" });
    child.stdin?.destroy();
    await ended;
    const open = execFileSync("sh", ["-c", `mkfifo ${bed.home}/pipe; exec 8<>${bed.home}/pipe; ${process.execPath} ${bed.program("dispatch")} send --to idle -p x --timeout 3s <${bed.home}/pipe 2>&1; echo "exit $?"`], { env: bed.env, encoding: "utf8" });
    expect(open).toBe("dispatch: waiting for standard input to end; redirect it from /dev/null where there is none.\ndispatch: Standard input did not end in time.\nexit 2\n");
  });
});

describe("a target that cannot be used", () => {
  it.each([
    ["gone", 8, "not_found", "List the panes with `dispatch targets`."],
    ["many", 2, "ambiguous_target", "Name window and pane"],
    ["noserver", 9, "no_tmux_server", "Start one with `tmux new-session`"],
    ["denied", 11, "no_permission", "Run as the user who owns the pane."],
  ])("%s", async (session, code, reason, hint) => {
    const ran = await bed.dispatch(["send", "--to", session, "-p", "x"]);
    expect(ran.code).toBe(code);
    expect(ran.stdout).toContain(`✗ refused (${reason}): `);
    expect(ran.stdout).toContain(hint);
  });

  it.each([
    [["send", "-p", "x"], "--to is missing: name the target"],
    [["send", "--to", "", "-p", "x"], 'target: "" is not a target; write session:window.pane'],
    [["capture"], "--to is missing: name the target"],
    [["send", "--to", "elsewhere/idle", "-p", "x"], 'No machine named "elsewhere" is known.'],
    [["targets", "gone"], "No such pane."],
  ])("%j", async (args, sentence) => {
    expect((await refusal(args)).stderr).toContain(sentence);
  });
});

describe("output that cannot be written", () => {
  it.each([[[...to, "-p", "x", "--json"]], [["--help"]], [["list"]]])("%j: said in one sentence, and the exit code is that of what was done", async (args) => {
    const full = openSync("/dev/full", "w");
    const ran = spawnSync(process.execPath, [bed.program("dispatch"), ...args], { env: bed.env, stdio: ["ignore", full, "pipe"], encoding: "utf8" });
    closeSync(full);
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringMatching(/^(?:dispatch: Standard output cannot be written: ENOSPC: .*\n)+$/)]);
  });
});

describe("a command line that cannot be read names the word and the fix", () => {
  it.each([
    [["sned"], "Unknown command sned. Did you mean send?"],
    [["xyzzy"], "Unknown command xyzzy."],
    [[...to, "--promt", "x"], "Unknown option --promt. Did you mean --prompt?"],
    [[...to, "-x"], "Unknown option -x."],
    [[...to, "--prompt"], "--prompt needs a value."],
    [[...to, "--prompt", "--key"], "--prompt needs a value; write --prompt=--key if --key is meant as one."],
    [[...to, "--json=yes"], "--json takes no value."],
    [[...to, "-p", "x", "--wait", "finish"], '--wait: "finish" is none of delivered, finished, accepted, submitted. Did you mean finished?'],
    [[...to, "-p", "x", "--on-draft", "keep"], '--on-draft: "keep" is none of wait, refuse, stash.'],
    [[...to, "-p", "x", "--timeout", "30"], '--timeout: "30" is not a time; write a number with its unit, such as 30s'],
    [[...to, "-p", "x", "--queue", "--steer"], "only one of --if-idle, --queue, --steer, --when-idle and --force-active can be given."],
    [[...to, "stray", "-p", "x"], "See dispatch send --help."],
    [[...to, "-p", "x", "--key", ""], "key: it is empty, and would not keep the prompt from going twice"],
    [["bulk", "--select", "state=idle", "-p", "x", "--key="], "key: it is empty"],
    [["targets", "--select", "state=idel"], '"idel" is no state; it is one of starting, idle'],
    [[...to, "-p", "x", "--delay", "soon"], '--delay: "soon" is not a time; write milliseconds, such as 300, or a number with its unit'],
    [["show"], "See dispatch show --help."],
    [["fleet"], "Write dispatch fleet summary."],
    [["self-heal", "diagnose"], "There is no text; give some with --text, --file or standard input."],
    [["daemon"], "Write one of: dispatch daemon status, dispatch daemon start, dispatch daemon ensure, dispatch daemon restart, dispatch daemon stop, dispatch daemon doctor, dispatch daemon run, dispatch daemon service."],
    [["client"], "Write one of: dispatch client token, dispatch client revoke."],
    [["node", "token", "web1"], 'Extraneous positional argument ("web1"). See dispatch node token --help.'],
    [["client", "revoke", "a", "b"], 'Extraneous positional argument ("b"). See dispatch client revoke --help.'],
    [["list", "--limit", "many"], '--limit: "many" is not a whole number from 1.'],
    [["list", "--limit", "1001"], "limit: must be 1 to 1000."],
    [["list", "--status", "done"], '--status: "done" is none of pending, delivered'],
    [["status", "--data-dir", ""], "must be an absolute path"],
    [["capture", "--to", "idle", "--lines", "0"], '--lines: "0" is not a whole number from 1.'],
  ])("%j", async (args, sentence) => {
    const { code, stderr } = await refusal(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  it("a configuration that is not valid is named with its file or variable", async () => {
    const { code, stderr } = await refusal(["config"], { env: { DISPATCH_DATADIR: "/x" } });
    expect([code, stderr]).toEqual([2, expect.stringContaining("unknown variable DISPATCH_DATADIR. Did you mean DISPATCH_DATA_DIR?")]);
  });

  it("an id that nobody knows", async () => {
    const { code, stderr } = await refusal(["show", "nope"]);
    expect([code, stderr]).toEqual([8, "dispatch: No delivery and no schedule is known as \"nope\".\n  List deliveries with `dispatch list`.\n"]);
  });
});

describe("with --json there is an object to read all the same", () => {
  it.each([
    [["send", "--to", "idle", "--json"], 2, { status: "refused", reason: "empty_prompt", steps: [], evidence: null, detection: null, id: null, timings: { totalMs: 0 } }],
    [["send", "--to", "elsewhere/x", "-p", "x", "--json"], 8, { status: "refused", reason: "unknown_machine" }],
    [["send", "--json", "-p", "x"], 2, { status: "refused", reason: "invalid_argument" }],
    [["send", "--to", "idle", "-p", "x", "--no-such", "--events"], 2, { status: "refused", reason: "invalid_argument" }],
    [["show", "nope", "--json"], 8, { error: { reason: "delivery_not_found", hint: expect.any(String) } }],
  ])("%j", async (args, code, expected) => {
    const ran = await bed.dispatch(args);
    expect([ran.code, ran.stderr]).toEqual([code, ""]);
    expect(JSON.parse(ran.stdout)).toMatchObject(expected);
  });
});
