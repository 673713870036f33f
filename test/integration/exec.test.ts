import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

interface ExecResult {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly detail: string;
  readonly steps: readonly { step: string }[];
  readonly commandHash: string;
  readonly filter: { allowed: boolean; code: string; reason: string; normalizedCommand: string; targetKind: string; matchedRule?: string };
  readonly execPlan?: { interrupt: boolean; pasteText: string; submitKey: string };
  readonly output: string | null;
  readonly exitStatus: number | null;
}

interface Shell {
  readonly paneId: string;
  readonly target: string;
}

let product: Product;
let folder: string;
let count = 0;
const policies: Record<string, string> = {};

beforeAll(async () => {
  product = await Product.create();
  folder = join(product.dir, "shells");
  await mkdir(join(folder, "with blank"), { recursive: true });
  await writeFile(join(folder, ".bashrc"), "PS1='test$ '\nPS2='> '\nHISTFILE=\n");
  await writeFile(join(folder, "script-late.sh"), "sleep 0.7\necho late\n");
  const policy = { all: { allowTargets: ["*"], allowPrefixes: ["sleep", "printf", "seq", "touch", "cat", "bash script-late.sh", "exit"] }, other: { allowTargets: ["other:*"] }, wrong: { allowTarget: ["*"] } };
  for (const [name, content] of Object.entries(policy)) {
    policies[name] = join(folder, `${name}.json`);
    await writeFile(policies[name], JSON.stringify(content));
  }
});

const keys = (shell: Shell, ...args: string[]): Promise<string> => product.tmux.run("send-keys", "-t", shell.paneId, ...args);
const screen = (shell: Shell): Promise<string> => product.tmux.screen(shell.paneId);
const shows = (shell: Shell, text: string): Promise<unknown> => eventually(async () => (await screen(shell)).includes(text), `${text} on the screen`, 20_000);

/** An interactive bash that waits at its prompt. */
async function openShell(width = 100, program = "bash"): Promise<Shell> {
  const window = `shell${count++}`;
  // The first window makes the session: the next ones wait for it.
  opening = opening.then(() => product.tmux.open({ session: "shells", window, cwd: folder, width, height: 30, command: ["env", `HOME=${folder}`, `PATH=${process.env["PATH"] ?? ""}`, "PS1=test$ ", program] }));
  const { paneId } = await opening as { paneId: string };
  const shell = { paneId, target: `shells:${window}` };
  await shows(shell, "test$");
  return shell;
}
let opening: Promise<unknown> = Promise.resolve();

async function exec(to: string, command: string, ...flags: string[]): Promise<ExecResult & { code: number | null; stderr: string }> {
  const ran = await product.dispatch(["exec", "--server", product.tmux.socket, "-t", to, "-c", command, "--json", ...flags]);
  if (!ran.stdout.startsWith("{")) throw new Error(`no result (exit ${ran.code}): ${ran.stdout}${ran.stderr}`);
  return { ...(JSON.parse(ran.stdout) as ExecResult), code: ran.code, stderr: ran.stderr };
}

const live = (): string[] => ["--allow", policies["all"] ?? ""];

describe.concurrent("a command in an idle shell", () => {
  it("--wait: is typed once, and what it prints comes back", async () => {
    const shell = await openShell();
    const ran = await exec(shell.target, "printf '%s\\n' one two 'three  four'", ...live(), "--wait");
    expect(ran).toMatchObject({ status: "delivered", reason: null, code: 0, output: "one\ntwo\nthree  four", filter: { allowed: true, code: "allowed_prefix", matchedRule: "printf", targetKind: "shell" } });
    expect(ran.steps.map(({ step }) => step)).toEqual(["accepted", "typed", "submitted", "delivered", "finished"]);
    expect((await screen(shell)).match(/printf/gu)).toHaveLength(1);
  });

  it("--wait: the exit status, where the shell's own marks tell it", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, "ls /nothing-here", ...live(), "--wait")).toMatchObject({ status: "delivered", exitStatus: null });
    await keys(shell, "PROMPT_COMMAND='printf \"\\e]133;D;%s\\a\" $?'; clear", "Enter");
    await eventually(async () => !(await screen(shell)).includes("PROMPT_COMMAND") && (await screen(shell)).includes("test$"), "the marks");
    expect(await exec(shell.target, "ls /nothing-here", ...live(), "--wait")).toMatchObject({ status: "delivered", exitStatus: 2 });
    expect(await exec(shell.target, "pwd", ...live(), "--wait")).toMatchObject({ status: "delivered", exitStatus: 0, output: folder });
    // A command that prints such a mark itself is not believed.
    await writeFile(join(folder, "forged.txt"), "\u001B]133;D;0\u0007forged\n");
    expect(await exec(shell.target, "cat forged.txt /nothing-here", ...live(), "--wait")).toMatchObject({ status: "delivered", exitStatus: null });
  });

  it("--wait: waits for one that takes its time; without it the answer comes with the line", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, "bash script-late.sh", ...live(), "--wait")).toMatchObject({ status: "delivered", output: "late" });
    const ran = await exec(shell.target, "sleep 1", ...live());
    expect(ran).toMatchObject({ status: "delivered", output: null });
    expect(ran.steps.at(-1)).toMatchObject({ step: "delivered" });
  });

  it("--wait --timeout: what goes on is left running, and its output so far comes back with exit code 7", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, "sleep 30", ...live(), "--wait", "--timeout", "2s")).toMatchObject({ status: "delivered", reason: "deadline_exceeded", code: 7 });
    expect(await product.tmux.pane(shell.paneId, "#{pane_current_command}")).toBe("sleep");
  });

  it("output without a line end, and a command that wraps over rows", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, "printf 'no end'", ...live(), "--wait")).toMatchObject({ output: "no end" });
    // The prompt does not stand alone on its row now: nobody can tell it from a draft.
    expect(await exec(shell.target, "pwd", ...live())).toMatchObject({ status: "refused", reason: "draft_present" });
    const narrow = await openShell(40);
    const long = Array.from({ length: 20 }, (_, index) => `word${index}`);
    expect(await exec(narrow.target, `printf '%s\\n' ${long.join(" ")}`, ...live(), "--wait")).toMatchObject({ output: long.join("\n") });
    expect(await exec(narrow.target, "seq 3000", ...live(), "--wait")).toMatchObject({ status: "delivered", detail: expect.stringContaining("Only the last 2000 lines") as string });
  });

  it("secrets that it prints are redacted", async () => {
    const shell = await openShell();
    const secret = `ghp_${"a1B2".repeat(9)}`;
    await writeFile(join(folder, "token.txt"), `token ${secret}\n`);
    const ran = await exec(shell.target, "cat token.txt", ...live(), "--wait");
    expect(ran.output).toMatch(/^token .*redacted/u);
    expect(JSON.stringify(ran)).not.toContain(secret);
  });

  it("cd PATH && COMMAND runs there, in a folder with a blank in its name too", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, `cd "${folder}/with blank" && pwd`, ...live(), "--wait")).toMatchObject({ output: `${folder}/with blank`, filter: { code: "allowed_builtin", matchedRule: "pwd" } });
  });

  it("what is kept holds neither the command nor its output", async () => {
    const shell = await openShell();
    const { id } = await exec(shell.target, "printf sesame-%s 4711", ...live(), "--wait");
    const shown = await product.dispatch(["show", id, "--json"]);
    expect(shown.stdout).toContain("allowed_prefix");
    expect(shown.stdout).not.toMatch(/sesame|4711/u);
    const files = await readdir(product.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile())) {
      expect(await readFile(join(file.parentPath, file.name), "latin1"), file.name).not.toMatch(/sesame-/u);
    }
  });

  it("two at once: one after the other, each whole", async () => {
    const shell = await openShell();
    const both = await Promise.all([exec(shell.target, "printf 'first\\n'", ...live(), "--wait"), exec(shell.target, "printf 'second\\n'", ...live(), "--wait")]);
    expect(both.map(({ output }) => output)).toEqual(["first", "second"]);
  });

  it("in a shell without line editing", async () => {
    const shell = await openShell(100, "dash");
    expect(await exec(shell.target, "printf '%s\\n' 'a  b' \"c'd\"", ...live(), "--wait")).toMatchObject({ status: "delivered", output: "a  b\nc'd" });
  });

  it("that ends the shell: delivered, and its output up to there", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, "exit", ...live(), "--wait")).toMatchObject({ status: "delivered", code: 0, detail: expect.stringContaining("The shell ended") as string });
  });

  it("in copy mode: which is left first", async () => {
    const shell = await openShell();
    await product.tmux.run("copy-mode", "-t", shell.paneId);
    expect(await exec(shell.target, "pwd", ...live(), "--wait")).toMatchObject({ status: "delivered", output: folder });
  });
});

describe.concurrent("nothing is typed", () => {
  it("in a dry run, which shows what would be", async () => {
    const shell = await openShell();
    const before = await screen(shell);
    const ran = await exec(shell.target, "rg  \"a b\" .", "--dry-run", "--force-interrupt");
    expect(ran).toMatchObject({ status: "dry_run", code: 0, execPlan: { interrupt: true, pasteText: "rg 'a b' .", submitKey: "Enter" }, filter: { allowed: true, code: "allowed_builtin", matchedRule: "rg" } });
    const text = await product.dispatch(["exec", "--server", product.tmux.socket, "--to", shell.target, "--command", "ls", "--dry-run", "--force-interrupt"]);
    expect(text.stdout).toMatch(/would send C-c\n {2}would paste "ls"\n {2}would send Enter/u);
    expect(await screen(shell)).toBe(before);
    expect((await product.dispatch(["show", ran.id, "--json"])).stdout).not.toContain("a b");
  });

  it.each([
    ["ls; touch no", "blocked_shell_metachar"], ["rg --pre ./x foo", "blocked_unsafe_flag"], ["touchy", "blocked_not_allowlisted"], ["rm -rf /", "blocked_destructive"], ["ls 'a", "blocked_unparsable"],
  ])("for %s", async (command, code) => {
    const shell = await openShell();
    const before = await screen(shell);
    expect(await exec(shell.target, command, ...live())).toMatchObject({ status: "refused", reason: "policy_denied", code: 11, filter: { allowed: false, code } });
    expect(await screen(shell)).toBe(before);
  });

  it("live without a policy, or with one that names other panes, or misspells a field", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, "ls")).toMatchObject({ status: "refused", filter: { code: "blocked_target_policy" } });
    expect(await exec(shell.target, "ls", "--allow", policies["other"] ?? "")).toMatchObject({ status: "refused", filter: { code: "blocked_target_policy" } });
    expect(await exec(shell.paneId, "ls", "--allow", policies["other"] ?? "")).toMatchObject({ filter: { code: "blocked_target_policy" } });
    const wrong = await product.dispatch(["exec", "-t", shell.target, "-c", "ls", "--allow", policies["wrong"] ?? ""]);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("allowTarget") as string });
    expect((await product.dispatch(["exec", "-t", shell.target, "-c", "ls", "--allow", "missing.json"])).stderr).toContain("no such file");
    expect((await product.dispatch(["exec", "-t", shell.target])).stderr).toContain("--command is missing");
  });

  it("over a line that somebody has begun, also where it ends like a prompt or its cursor went back", async () => {
    const shell = await openShell();
    for (const [draft, ...more] of [["git stat"], ["echo 5 >"], ["ls", "Home"], ["echo $"]] as const) {
      await keys(shell, "-l", draft);
      if (more.length > 0) await keys(shell, ...more);
      await shows(shell, `test$ ${draft}`);
      expect(await exec(shell.target, "touch no-draft", ...live())).toMatchObject({ status: "refused", reason: "draft_present" });
      await keys(shell, "C-e", "C-u");
      await eventually(async () => !(await screen(shell)).trimEnd().endsWith(draft), "an empty line");
    }
    expect(await readdir(folder)).not.toContain("no-draft");
  });

  it("into a command that goes on in the next line", async () => {
    const shell = await openShell();
    await keys(shell, "-l", "echo 'open");
    await keys(shell, "Enter");
    await eventually(async () => (await screen(shell)).trimEnd().endsWith(">"), "the continuation prompt");
    expect(await exec(shell.target, "ls", ...live())).toMatchObject({ status: "refused", reason: "draft_present" });
  });

  it("while a program or a script has the terminal", async () => {
    const shell = await openShell();
    await keys(shell, "sleep 60", "Enter");
    await eventually(async () => (await product.tmux.pane(shell.paneId, "#{pane_current_command}")) === "sleep", "the program");
    expect(await exec(shell.target, "ls", ...live(), "--force-interrupt")).toMatchObject({ status: "refused", filter: { code: "blocked_target_kind" } });
    expect(await product.tmux.pane(shell.paneId, "#{pane_current_command}")).toBe("sleep");
    const other = await openShell();
    await writeFile(join(folder, "script.sh"), "printf 'test$ '\nread -r line\n");
    await keys(other, "bash script.sh", "Enter");
    await eventually(async () => (await screen(other)).split("test$").length > 2, "the script's question");
    expect(await exec(other.target, "ls", ...live())).toMatchObject({ status: "refused", reason: "state_unknown" });
  });

  it("into an agent, and into a pane that has ended", async () => {
    const agent = await product.agent();
    expect(await exec(agent.target, "ls", ...live())).toMatchObject({ status: "refused", filter: { code: "blocked_target_kind", targetKind: "agent" } });
    expect(await agent.input()).toEqual({ pastes: [], keys: "", enters: 0 });
    const shell = await openShell();
    await keys(shell, "exit", "Enter");
    await eventually(async () => (await product.tmux.pane(shell.paneId, "#{pane_dead}")) === "1", "the end of the shell");
    expect(await exec(shell.target, "ls", ...live())).toMatchObject({ status: "refused", reason: "pane_dead" });
  });
});

describe.concurrent("--force-interrupt", () => {
  it("gives up a half-typed line, then runs the command alone", async () => {
    const shell = await openShell();
    await keys(shell, "-l", "touch half-typed");
    await shows(shell, "half-typed");
    expect(await exec(shell.target, "printf 'clean\\n'", ...live(), "--wait", "--force-interrupt")).toMatchObject({ status: "delivered", output: "clean", execPlan: { interrupt: true } });
    expect(await readdir(folder)).not.toContain("half-typed");
  });

  it("gives up a command that goes on in the next line", async () => {
    const shell = await openShell();
    await keys(shell, "-l", "echo 'open");
    await keys(shell, "Enter");
    await eventually(async () => (await screen(shell)).trimEnd().endsWith(">"), "the continuation prompt");
    expect(await exec(shell.target, "pwd", ...live(), "--wait", "--force-interrupt")).toMatchObject({ status: "delivered", output: folder });
  });

  it("at an empty prompt does no harm", async () => {
    const shell = await openShell();
    expect(await exec(shell.target, "pwd", ...live(), "--wait", "--force-interrupt")).toMatchObject({ status: "delivered", output: folder });
  });
});

describe("the background process is killed", () => {
  it("in the middle of a command: the row says how far it was seen, and it is never typed again", async () => {
    await Product.with({}, async (other) => {
      const place = join(other.dir, "place");
      await mkdir(place);
      await writeFile(join(place, "policy.json"), JSON.stringify({ allowTargets: ["*"], allowPrefixes: ["sleep"] }));
      const { paneId } = await other.tmux.open({ session: "shells", window: "only", cwd: place, width: 100, height: 30, command: ["env", `HOME=${place}`, `PATH=${process.env["PATH"] ?? ""}`, "PS1=test$ ", "dash"] });
      await eventually(async () => (await other.tmux.screen(paneId)).includes("test$"), "the prompt");
      const child = other.spawn(["exec", "--server", other.tmux.socket, "-t", "shells:only", "-c", "sleep 60", "--allow", join(place, "policy.json"), "--wait"]);
      const code = new Promise<number | null>((resolve) => void child.once("close", resolve));
      await eventually(async () => (await other.tmux.pane(paneId, "#{pane_current_command}")) === "sleep", "the command", 20_000);
      expect(other.killDaemon()).toBe(true);
      expect(await code).not.toBe(0);
      const [row] = JSON.parse((await other.dispatch(["list", "--kind", "exec", "--json"])).stdout) as ExecResult[];
      expect(row).toMatchObject({ status: "delivered", detail: "The shell took the line.", commandHash: expect.stringMatching(/^[0-9a-f]{16}$/u) as string });
      await other.tmux.run("send-keys", "-t", paneId, "C-c");
      await eventually(async () => (await other.tmux.pane(paneId, "#{pane_current_command}")) === "dash", "the shell");
      expect((await other.tmux.screen(paneId)).match(/sleep 60/gu)).toHaveLength(1);
    });
  });
});
