import type { TargetKind } from "../domain/detection.js";
import type { ExecPolicy } from "../domain/exec.js";
import type { ResolvedTarget } from "../domain/target.js";
import { findBuiltIn, startsWith } from "./built-in-commands.js";
import { refuseCdPath } from "./cd-form.js";
import { resetsHard } from "./git-reset.js";
import { commandHash, trimCommand } from "./command-hash.js";
import type { ExecCode } from "./exec-code.js";
import { quoteWord } from "./literal-word.js";
import { parseCommand, type ParsedCommand } from "./parse-command.js";
import { isAllowedTarget } from "./target-patterns.js";
import { checkCharacters, checkText, hasShellSigns, type Block } from "./text-checks.js";
import { firstUnsafe } from "./unsafe-flags.js";
import { checkDanger } from "./word-dangers.js";

export interface ExecContext {
  readonly targetKind: TargetKind;
  readonly target: Pick<ResolvedTarget, "machine" | "target">;
  readonly dryRun: boolean;
  readonly policy: ExecPolicy | undefined;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly code: ExecCode;
  /** The prefix that allowed it; empty where it is blocked. */
  readonly rule: string;
  /** Why, without the command. */
  readonly sentence: string;
  readonly commandHash: string;
  /** The one line to type, written from the words that were judged; empty where it is blocked. */
  readonly typed: string;
}

/** Judges one shell command for one pane. The first check that fails decides; docs/exec.md has them in order. */
export async function judgeCommand(command: string, context: ExecContext): Promise<Verdict> {
  const text = trimCommand(command);
  const hash = commandHash(command);
  const blocked = ({ code, sentence }: Block): Verdict => ({ allowed: false, code, rule: "", sentence, commandHash: hash, typed: "" });
  const unreadable = checkCharacters(text);
  if (unreadable) return blocked(unreadable);
  const parsed = await parseCommand(text);
  // The words, however they were quoted, and the text too: what the predecessor blocked for its text stays blocked.
  const early = ("problem" in parsed ? undefined : checkDanger(parsed.words)) ?? checkText(text) ?? checkTarget(context);
  if (early) return blocked(early);
  const cdProblem = "problem" in parsed || !parsed.cd ? undefined : refuseCdPath(parsed.cd);
  if (cdProblem !== undefined) return blocked({ code: "blocked_cd_path", sentence: cdProblem });
  if (hasShellSigns("problem" in parsed ? text : parsed.source)) return blocked({ code: "blocked_shell_metachar", sentence: "The line holds signs of the shell's own language (; && || | < > ` $( &), which are refused in quotes too." });
  if ("problem" in parsed) return blocked({ code: parsed.problem === "metachar" ? "blocked_shell_metachar" : "blocked_unparsable", sentence: parsed.sentence });
  if (parsed.words.some((word) => word.includes("\t"))) return blocked({ code: "blocked_control_chars", sentence: "A word holds a tab, which a shell may take for a key." });
  const wrong = resetsHard(parsed, context.policy?.allowGitResetHardPaths ?? []);
  if (wrong) return blocked(wrong);
  const rule = await findRule(parsed.words, context.policy?.allowPrefixes ?? []);
  if ("sentence" in rule) return blocked(rule);
  return { ...rule, allowed: true, sentence: rule.code === "allowed_builtin" ? "It is one of the built-in commands, with harmless flags." : "The policy allows it.", commandHash: hash, typed: typedLine(parsed) };
}

function checkTarget({ targetKind, target, dryRun, policy }: ExecContext): Block | undefined {
  if (targetKind !== "shell") {
    const shown = targetKind === "agent" ? "an agent" : "a program that is no shell";
    return { code: "blocked_target_kind", sentence: `The pane shows ${shown}; commands go to shells only.` };
  }
  const targets = policy?.allowTargets ?? [];
  if (targets.length === 0) {
    return dryRun ? undefined : { code: "blocked_target_policy", sentence: "A live command needs a policy file whose allowTargets names the pane." };
  }
  if (isAllowedTarget(target, targets)) return undefined;
  return { code: "blocked_target_policy", sentence: `The policy does not name this pane, ${target.machine}/${target.target}.` };
}

async function findRule(words: readonly string[], prefixes: readonly string[]): Promise<{ code: ExecCode; rule: string } | Block> {
  const builtIn = findBuiltIn(words);
  if (builtIn && builtIn.unknown === undefined) return { code: "allowed_builtin", rule: builtIn.rule };
  let unsafe = builtIn !== undefined;
  for (const prefix of prefixes) {
    const parsed = await parseCommand(prefix.trim());
    if ("problem" in parsed || parsed.cd || !startsWith(words, parsed.words)) continue;
    if (firstUnsafe(words, parsed.words.length) === undefined) return { code: "allowed_prefix", rule: parsed.words.join(" ") };
    unsafe = true;
  }
  if (!unsafe) return { code: "blocked_not_allowlisted", sentence: "No built-in command and no prefix of the policy fits." };
  return { code: "blocked_unsafe_flag", sentence: "It has a flag or word that is not known to be harmless; a policy prefix must spell it out." };
}

function typedLine({ cd, words }: ParsedCommand): string {
  const line = words.map(quoteWord).join(" ");
  return cd ? `cd ${cd.typed} && ${line}` : line;
}
