import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trimCommand } from "../../../core/exec/command-hash.js";
import { judgeCommand } from "../../../core/exec/judge-command.js";
import { parseCommand } from "../../../core/exec/parse-command.js";

const policy = { allowPrefixes: ["make"], allowTargets: [], allowGitResetHardPaths: [] };
const context = { targetKind: "shell", target: { machine: "here", target: "work:1.0" }, dryRun: true, policy } as const;
/** Harmless programs that write their arguments down, before all others on the PATH. */
const stubs = ["ls", "rg", "git", "bun", "dispatch", "mailery", "make"];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dispatch-exec-"));
  mkdirSync(join(folder, "bin"));
  for (const name of ["work", "work/src", "work/two words", "work/it's", "elsewhere", "elsewhere/src"]) mkdirSync(join(folder, name));
  for (const name of stubs) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n{ printf '%s\\0' ${name} "$@"; pwd; } >> "${folder}/ran"\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  for (const name of ["a.ts", "b.ts", "-rf"]) writeFileSync(join(folder, "work", name), "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an interactive bash, with history expansion, makes of one line: the commands of its trace, and what the stubs were given. */
async function bash(line: string): Promise<{ trace: string[]; ran: string }> {
  rmSync(join(folder, "ran"), { force: true });
  const stderr = await new Promise<string>((done) => {
    const child = execFile("bash", ["--norc", "--noprofile", "--noediting", "-i"], {
      cwd: join(folder, "work"), timeout: 10_000,
      env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, HOME: folder, PS1: "", PS2: "", LC_ALL: "C.UTF-8", HISTFILE: "/dev/null", CDPATH: join(folder, "elsewhere") },
    }, (_, __, text) => done(text));
    child.stdin?.end(`PS1=; PS2=; set -x\n${line}\n`);
  });
  const trace = stderr.split("\n").filter((each) => /^\++ /u.test(each) && each !== "+ exit");
  return { trace, ran: existsSync(join(folder, "ran")) ? readFileSync(join(folder, "ran"), "utf8") : "" };
}

function folderOf(path = "."): string {
  return path.startsWith("~") ? join(folder, path.slice(1)).replace(/\/$/u, "") : resolve(folder, "work", path);
}

const plain = fc.constantFrom("src", "a.ts", "foo", "-l", "-la", "--json", "-n", "5", "HEAD~1", "a=b", "x:y", "é", "漢字", "--", "-", ".", "/tmp", "%1", "@{u}", "-rf");
const inside = fc.string({ unit: fc.constantFrom(..."ab /.*?[]{}~=:!#^%-é$\\\"'"), maxLength: 8 });
const quoted = fc.oneof(
  inside.map((text) => `'${text}'`), inside.map((text) => `"${text}"`), inside.map((text) => text.replaceAll(/[^A-Za-z0-9é]/gu, "\\$&")),
  fc.tuple(plain, inside).map(([a, b]) => `${a}'${b.replaceAll("'", "")}'`),
);
const nasty = fc.constantFrom(
  "$HOME", "${IFS}", "$(touch pwned)", "`id`", "$'a\\tb'", "$\"x\"", "*", "*.ts", "?", "[ab]", "{a,b}", "{1..3}", "~", "~root", "a=~", "!!", "!ls", "#x", "# make", "a#b", ";ls", "&", "a&b", "&&", "||",
  "|", ">x", "2>&1", "<<E", "<<<x", "<(ls)", "(ls)", "{", "}", "X=1", "\\", "'", "\"", "\u00A0", "\u200B", "\u3000ls", "\u2028", "\\\n", "((1))", "[[", "time", "then", "!", "coproc", "function", "+(a)", "a[0]=1", "^a^b",
);
const word = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 5, arbitrary: quoted }, { weight: 1, arbitrary: nasty });
const start = fc.constantFrom("ls", "rg", "rg -e", "git log", "git --no-pager diff", "git show", "git status", "bun test", "dispatch targets", "dispatch help", "make", "'make'", "m\\ake", "\"l\"s", "pwd");
const blank = fc.constantFrom(" ", "  ", "\t", " ");
const cd = fc.constantFrom("", "", "", "cd src && ", "cd 'two words'&&", "cd \"it's\" && ", "cd /tmp && ", "cd ~ && ", "cd ./src && ", "cd two\\ words && ", "cd ~/work && ", "cd - && ", "cd src/../src && ", "cd $HOME && ", "X=1 cd src && ");
const line = fc.tuple(cd, start, fc.array(fc.tuple(blank, word), { maxLength: 4 }), fc.constantFrom("", "", " ", "\t", "\n", " #", " ;", " &"))
  .map(([before, command, words, after]) => before + command + words.map((each) => each.join("")).join("") + after);

it("what is typed for an allowed line, and the line itself, run as the one command that was judged", async () => {
  let allowed = 0;
  let refused = 0;
  await fc.assert(fc.asyncProperty(line, async (command) => {
    const verdict = await judgeCommand(command, context);
    if (!verdict.allowed) return void refused++;
    allowed++;
    const parsed = await parseCommand(trimCommand(command));
    if ("problem" in parsed) throw new Error("allowed without having been read");
    const typed = await bash(verdict.typed);
    // No expansion, no second command: `cd` and the command are all that the trace has.
    expect(typed.trace).toHaveLength(parsed.cd ? 2 : 1);
    if (parsed.cd) expect(typed.trace[0]).toMatch(/^\+ cd /u);
    if (parsed.words[0] !== "pwd") expect(typed.ran.split("\0").slice(0, -1)).toEqual(parsed.words);
    expect(existsSync(join(folder, "work", "pwned"))).toBe(false);
    // Not a folder of CDPATH, in which there is a src too.
    if (parsed.words[0] !== "pwd") expect(typed.ran.split("\0").at(-1)).toBe(`${folderOf(parsed.cd?.path)}\n`);
    // Whoever wrote the line meant the same command.
    const meant = await bash(trimCommand(command));
    expect(meant.ran.split("\0").slice(0, -1)).toEqual(typed.ran.split("\0").slice(0, -1));
    expect(meant.trace).toHaveLength(typed.trace.length);
  }), { numRuns: 600 });
  expect(allowed).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
}, 120_000);

it("the stubs see it when a line runs more than one command", async () => {
  expect((await bash("ls a; make b")).trace).toHaveLength(2);
  expect((await bash("ls *.ts")).ran.split("\0").slice(0, -1)).toEqual(["ls", "a.ts", "b.ts"]);
});
