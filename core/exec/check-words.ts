import type { ParsedCommand } from "./parse-command.js";
import { isUnder } from "./cd-form.js";
import type { Block } from "./text-checks.js";

/** Checks on the words themselves, however they were spelled; no policy lifts them. */
export function checkWords({ words, cd }: ParsedCommand, resetPaths: readonly string[]): Block | undefined {
  return removesRoot(words) ?? resetsHard(words, cd?.path, resetPaths);
}

/** `rm` with recursion and force in any spelling, on an absolute path. */
function removesRoot(words: readonly string[]): Block | undefined {
  const at = words.findIndex((word) => baseName(word) === "rm");
  if (at < 0) return undefined;
  const rest = words.slice(at + 1);
  const options = rest.filter((word) => word.startsWith("-") && word !== "--");
  const has = (letter: RegExp, long: string): boolean => options.some((word) => (word.startsWith("--") ? word.length > 2 && long.startsWith(word) : letter.test(word)));
  const recursive = has(/r/iu, "--recursive");
  if (!recursive || !has(/f/u, "--force") || !rest.some((word) => /^[/~]/u.test(word))) return undefined;
  return { code: "blocked_destructive", sentence: "It would remove everything under an absolute path." };
}

/** `git reset` with any abbreviation of --hard, wherever it stands; only the folder of `cd` decides, since -C and --git-dir lead elsewhere. */
function resetsHard(words: readonly string[], folder: string | undefined, allowed: readonly string[]): Block | undefined {
  const at = words.findIndex((word) => baseName(word) === "git");
  const rest = at < 0 ? [] : words.slice(at + 1);
  const reset = rest.indexOf("reset");
  if (reset < 0 || !rest.some((word) => word.length > 2 && "--hard".startsWith(word))) return undefined;
  const elsewhere = rest.slice(0, reset).length > 0;
  if (!elsewhere && folder !== undefined && isUnder(folder, allowed)) return undefined;
  return { code: "blocked_git_reset_hard", sentence: "git reset --hard needs `cd` to a folder that the policy names under allowGitResetHardPaths." };
}

export function baseName(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1);
}
