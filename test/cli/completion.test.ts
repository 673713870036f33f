import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verbs } from "../../cli/commands/verbs.js";
import { shells } from "../../cli/completion/completion-script.js";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();

/** What bash offers for a half-typed command line, by the script alone. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout: script } = await bed.dispatch(["completion", "bash"]);
  const line = `COMP_WORDS=(dispatch ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _dispatch; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", `${script}\n${line}`], { encoding: "utf8" }).split("\n").filter((word) => word !== "");
}

describe("dispatch completion", () => {
  it("bash: completes every verb, the words after it, and its options", async () => {
    expect(await offered("")).toEqual(expect.arrayContaining(Object.keys(verbs)));
    expect(await offered("comp")).toEqual(["completion"]);
    expect(await offered("daemon", "st")).toEqual(expect.arrayContaining(["status", "stop"]));
    expect(await offered("send", "--when")).toEqual(["--when-idle"]);
    expect(await offered("completion", "")).toEqual(expect.arrayContaining(["bash", "zsh", "fish"]));
  });

  it.each([
    ["zsh", "autoload -Uz compinit; compinit -u -D; compdef() { known=$2; }; source SCRIPT; print -r -- $known; compadd() { print -r -- ${@:2}; }; _files() { }; words=(dispatch completion); CURRENT=3; _dispatch", /^dispatch\n.*\bzsh\b/u],
    ["zsh", "fpath=(FOLDER $fpath); autoload -Uz _dispatch; compadd() { print -r -- ${@:2}; }; _files() { }; words=(dispatch send); CURRENT=3; _dispatch", /--when-idle/u],
    ["fish", "source SCRIPT; complete -C 'dispatch send --when'", /^--when-idle\b/u],
  ])("%s takes the script", async (shell, line, offers) => {
    // Neither is needed for anything else, and many machines have none.
    if (spawnSync(shell, ["-c", "exit"]).error) {
      console.warn(`skipped: no ${shell} here`);
      return;
    }
    const folder = join(bed.home, `completion-${shell}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "_dispatch"), (await bed.dispatch(["completion", shell])).stdout);
    const words = [...(shell === "zsh" ? ["-f"] : ["--no-config"]), "-c", line.replace("SCRIPT", join(folder, "_dispatch")).replace("FOLDER", folder)];
    expect(execFileSync(shell, words, { encoding: "utf8" })).toMatch(offers);
  });

  it.each(shells)("%s: names every verb", async (shell) => {
    const { stdout, code } = await bed.dispatch(["completion", shell]);
    for (const verb of Object.keys(verbs)) expect(stdout).toContain(verb);
    expect(code).toBe(0);
  });

  it("refuses another shell by name", async () => {
    const { stderr, code } = await bed.dispatch(["completion", "tcsh"]);
    expect(stderr).toMatch(/"tcsh" is none of bash, zsh, fish/);
    expect(code).toBe(2);
  });
});

it("dispatch version --json tells versions for programs", async () => {
  const { stdout } = await bed.dispatch(["version", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ version: (await bed.dispatch(["--version"])).stdout.trim(), contract: "v1", node: process.version });
});
