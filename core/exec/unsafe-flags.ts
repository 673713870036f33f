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

/** The first such flag among the words after the prefix: a policy allows one only by spelling it out in the prefix. */
export function firstUnsafe(words: readonly string[], prefixLength: number): string | undefined {
  const program = baseName(words[0] ?? "");
  const flags = Object.hasOwn(unsafe, program) ? unsafe[program] : undefined;
  if (!flags) return undefined;
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? undefined : end).find((word, index) => index >= prefixLength && (isUnsafe(word, flags) || (program === "git" && isGlobalOption(words, index))));
}

function isUnsafe(word: string, { long, letters, abbreviated }: UnsafeFlags): boolean {
  if (word.startsWith("--")) {
    const [name = ""] = word.slice(2).split("=");
    return long.some((flag) => flag === name || (abbreviated && name !== "" && flag.startsWith(name)));
  }
  // Several letters may stand behind one hyphen.
  return word.startsWith("-") && letters.split("").some((letter) => word.slice(1).includes(letter));
}

/** git's options before the subcommand set its configuration (`-c`), its programs and its repository; only those of its pager are harmless. */
function isGlobalOption(words: readonly string[], index: number): boolean {
  const subcommand = words.findIndex((word, at) => at > 0 && !word.startsWith("-"));
  return index > 0 && (subcommand < 0 || index < subcommand) && !["-P", "--no-pager", "--version", "--help"].includes(words[index] ?? "");
}
