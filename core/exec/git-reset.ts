import type { ParsedCommand } from "./parse-command.js";
import { isUnder } from "./cd-form.js";
import type { Block } from "./text-checks.js";
import { baseName } from "./word-dangers.js";

/** `git reset` with any abbreviation of --hard, wherever it stands; only the folder of `cd` decides, since -C and --git-dir lead elsewhere. */
export function resetsHard({ words, cd }: ParsedCommand, allowed: readonly string[]): Block | undefined {
  const at = words.findIndex((word) => baseName(word) === "git");
  const rest = at < 0 ? [] : words.slice(at + 1);
  const reset = rest.indexOf("reset");
  const hard = reset >= 0 && rest.some((word) => word.length > 2 && "--hard".startsWith(word));
  // In a script that is one word of an interpreter it counts too.
  if (!hard && !words.some((word) => /\bgit\s.*\breset\s.*--h/iu.test(word))) return undefined;
  // Behind another program, or after options of git itself, it may work anywhere.
  const here = hard && at === 0 && reset === 0;
  if (here && cd !== undefined && isUnder(cd.path, allowed)) return undefined;
  return { code: "blocked_git_reset_hard", sentence: "git reset --hard needs `cd` to a folder that the policy names under allowGitResetHardPaths." };
}
