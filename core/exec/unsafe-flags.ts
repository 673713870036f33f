import { baseName } from "./word-dangers.js";

/** Flags by which a program that a policy allows writes a file of the caller's choice, or runs another program. */
interface UnsafeFlags {
  /** Without their hyphens; programs of this kind take any abbreviation where `abbreviated`. */
  readonly long: readonly string[];
  readonly letters: string;
  readonly abbreviated: boolean;
}

const unsafe: Readonly<Record<string, UnsafeFlags>> = {
  rg: { long: ["pre", "pre-glob", "hostname-bin", "search-zip", "hyperlink-format"], letters: "z", abbreviated: false },
  git: {
    long: ["config-env", "exec-path", "output", "output-directory", "ext-diff", "textconv", "upload-pack", "receive-pack", "exec", "show-signature", "open-files-in-pager", "extcmd", "tool", "paginate"],
    letters: "", abbreviated: true,
  },
  bun: { long: ["preload", "require", "import", "config", "cwd", "env-file", "eval", "print", "define", "loader", "reporter-outfile", "coverage-dir", "inspect", "inspect-brk", "inspect-wait", "update-snapshots"], letters: "rcepu", abbreviated: false },
};

/** git's letters mean something else in each of its subcommands. */
const gitLetters: ReadonlyMap<string, string> = new Map([
  ["grep", "O"], ["archive", "o"], ["format-patch", "o"], ["rebase", "x"], ["difftool", "xt"], ["mergetool", "t"], ["clone", "uc"],
]);
/** Subcommands of git that run what their words or its configuration say, or that write the configuration. */
const gitRunners: ReadonlySet<string> = new Set(["bisect", "config", "credential", "daemon", "difftool", "filter-branch", "for-each-repo", "hook", "instaweb", "mergetool", "send-email", "shell", "submodule"]);

/** The first such flag or subcommand among the words after the prefix: a policy allows one only by spelling it out in the prefix. */
export function firstUnsafe(words: readonly string[], prefixLength: number): string | undefined {
  const program = baseName(words[0] ?? "");
  const flags = Object.hasOwn(unsafe, program) ? unsafe[program] : undefined;
  if (!flags) return undefined;
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? undefined : end).find((word, index) => index >= prefixLength && (isUnsafe(word, flags) || (program === "git" && isUnsafeInGit(words, index))));
}

function isUnsafeInGit(words: readonly string[], index: number): boolean {
  const at = words.findIndex((word, place) => place > 0 && !word.startsWith("-"));
  const [word = "", subcommand = ""] = [words[index], words[at]];
  if (at < 0 || index < at) return isGlobalOption(word, index);
  return index === at ? gitRunners.has(word) : hasLetter(word, gitLetters.get(subcommand) ?? "");
}

function isUnsafe(word: string, { long, letters, abbreviated }: UnsafeFlags): boolean {
  if (word.startsWith("--")) {
    const [name = ""] = word.slice(2).split("=");
    return long.some((flag) => flag === name || (abbreviated && name !== "" && flag.startsWith(name)));
  }
  return hasLetter(word, letters);
}

/** git's options before the subcommand set its configuration (`-c`), its programs and its repository; only those of its pager are harmless. */
function isGlobalOption(word: string, index: number): boolean {
  return index > 0 && !["-P", "--no-pager", "--version", "--help"].includes(word);
}

/** Several letters may stand behind one hyphen. */
function hasLetter(word: string, letters: string): boolean {
  return /^-[^-]/u.test(word) && letters.split("").some((letter) => letter !== "" && word.includes(letter, 1));
}
