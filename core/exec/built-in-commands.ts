import { firstUnknown, type FlagList } from "./read-flags.js";

/** A command that needs no policy, with all that may follow it. */
interface BuiltIn {
  readonly words: readonly string[];
  readonly flags: FlagList;
}

const help = ["help", "version"];
const ourOwn = ["json", "no-autostart"];
const ourValues = ["server", "machine", "limit"];

/** What git's own formats may not hold: %G… and --show-signature start gpg. */
const gitFormat = /%(?:[-+ ])?G/u;
const gitOutput = [
  "stat", "shortstat", "numstat", "dirstat", "summary", "name-only", "name-status", "patch", "no-patch", "raw", "patch-with-stat", "patch-with-raw", "word-diff", "color",
  "no-color", "color-words", "color-moved", "no-color-moved", "no-renames", "find-renames", "find-copies", "minimal", "patience", "histogram", "full-index", "binary",
  "abbrev", "no-abbrev", "abbrev-commit", "no-abbrev-commit", "function-context", "ignore-all-space", "ignore-space-change", "ignore-blank-lines", "ignore-space-at-eol",
  "exit-code", "quiet", "no-ext-diff", "no-textconv", "check", "text", "relative", "no-relative", "compact-summary", "no-prefix", "ignore-submodules", "indent-heuristic", "cc",
];
const gitOutputValues = ["unified", "diff-filter", "diff-algorithm", "inter-hunk-context", "src-prefix", "dst-prefix", "word-diff-regex", "stat-width"];
const gitLog = [
  ...gitOutput, "oneline", "graph", "decorate", "no-decorate", "all", "branches", "tags", "remotes", "merges", "no-merges", "first-parent", "reverse", "date-order", "topo-order",
  "author-date-order", "follow", "source", "no-notes", "left-right", "cherry-pick", "cherry-mark", "no-walk", "regexp-ignore-case", "fixed-strings", "extended-regexp",
  "perl-regexp", "all-match", "invert-grep", "relative-date", "parents", "children", "full-history", "simplify-by-decoration", "boundary", "pretty", "expand-tabs",
  "no-expand-tabs", "walk-reflogs", "merge-base",
];
const gitLogValues = [...gitOutputValues, "max-count", "skip", "since", "after", "until", "before", "author", "committer", "grep", "format", "date", "encoding", "decorate-refs"];
/** Also without the pager, which would wait for a key. */
const git = (subcommand: string, flags: FlagList): BuiltIn[] => [["git"], ["git", "--no-pager"]].map((words) => (
  { words: [...words, subcommand], flags: { words: true, badValue: gitFormat, ...flags } }
));

const rg: FlagList = {
  words: true,
  letters: "ivwxFnNlcosSUuPpqabLhHVI0",
  valueLetters: "egtTABCmjdrEM",
  long: [
    ...help, "ignore-case", "invert-match", "word-regexp", "line-regexp", "fixed-strings", "line-number", "no-line-number", "files-with-matches", "files-without-match", "count",
    "count-matches", "only-matching", "case-sensitive", "smart-case", "multiline", "multiline-dotall", "unrestricted", "pcre2", "pretty", "quiet", "text", "byte-offset", "follow",
    "no-follow", "heading", "no-heading", "hidden", "no-hidden", "no-ignore", "no-ignore-vcs", "no-ignore-parent", "no-config", "no-messages", "files", "type-list", "json", "stats",
    "trim", "vimgrep", "column", "with-filename", "no-filename", "null", "no-pre", "null-data", "one-file-system", "passthru", "crlf", "debug", "no-unicode", "max-columns-preview",
    "no-search-zip", "glob-case-insensitive", "include-zero", "auto-hybrid-regex", "block-buffered", "line-buffered", "pcre2-version", "binary", "no-require-git",
  ],
  valueLong: [
    "regexp", "glob", "iglob", "type", "type-not", "after-context", "before-context", "context", "max-count", "threads", "max-depth", "replace", "color", "colors", "sort", "sortr",
    "max-columns", "max-filesize", "encoding", "engine", "context-separator", "field-match-separator", "field-context-separator", "path-separator", "type-add", "type-clear",
  ],
};

const ls: FlagList = {
  words: true,
  letters: "aAbBcCdDfFgGhHiklLmnNopqQrRsStuUvxXZ1",
  valueLetters: "IwT",
  long: [
    ...help, "all", "almost-all", "author", "escape", "ignore-backups", "color", "directory", "dired", "classify", "file-type", "full-time", "group-directories-first", "no-group",
    "human-readable", "si", "dereference-command-line", "dereference", "hyperlink", "inode", "kibibytes", "numeric-uid-gid", "literal", "hide-control-chars", "show-control-chars",
    "quote-name", "reverse", "recursive", "size", "context", "zero",
  ],
  valueLong: ["block-size", "format", "hide", "indicator-style", "ignore", "quoting-style", "sort", "time", "time-style", "tabsize", "width"],
};

/** Only flags that write no file and start no program. They stand before the prefixes of a policy, and none can remove them. */
const builtIns: readonly BuiltIn[] = [
  { words: ["mailery", "status"], flags: { long: ["json", "verbose", ...help], letters: "vh" } },
  { words: ["mailery", "doctor"], flags: { long: ["json", "verbose", ...help], letters: "vh" } },
  { words: ["dispatch", "--help"], flags: {} },
  { words: ["dispatch", "help"], flags: { words: true } },
  { words: ["dispatch", "version"], flags: { long: ["json"] } },
  { words: ["dispatch", "targets"], flags: { words: true, letters: "h", valueLetters: "mn", long: [...ourOwn, "help", "watch"], valueLong: [...ourValues, "select"] } },
  { words: ["dispatch", "list"], flags: { letters: "h", valueLetters: "mns", long: [...ourOwn, "help", "watch", "verbose"], valueLong: ["machine", "limit", "status", "kind"] } },
  { words: ["pwd"], flags: { letters: "LP" } },
  { words: ["ls"], flags: ls },
  { words: ["rg"], flags: rg },
  ...git("status", {
    letters: "sbvz", valueLetters: "u",
    long: ["short", "branch", "show-stash", "porcelain", "long", "verbose", "untracked-files", "ignored", "column", "no-column", "ahead-behind", "no-ahead-behind", "renames", "no-renames", "null", "ignore-submodules"],
  }),
  ...git("diff", { letters: "pusRWabwzMC", valueLetters: "USG", numbers: true, long: [...gitOutput, "cached", "staged", "merge-base", "no-index"], valueLong: gitOutputValues }),
  ...git("log", { letters: "pusRWabwzMCgiFEPmc", valueLetters: "nUSGL", numbers: true, long: gitLog, valueLong: gitLogValues }),
  ...git("show", { letters: "pusRWabwzMCmc", valueLetters: "nUSG", numbers: true, long: gitLog, valueLong: gitLogValues }),
  { words: ["bun", "test"], flags: { words: "inside", valueLetters: "t", long: ["bail", "only", "todo", "help"], valueLong: ["timeout", "test-name-pattern", "rerun-each"] } },
  { words: ["bun", "run", "typecheck"], flags: {} },
  { words: ["bun", "run", "build"], flags: {} },
];

/** The built-in command that the words are, whether its flags are all known to be harmless, and which is not. */
export function findBuiltIn(words: readonly string[]): { rule: string; unknown: string | undefined } | undefined {
  const builtIn = builtIns.find((each) => startsWith(words, each.words));
  return builtIn && { rule: builtIn.words.join(" "), unknown: firstUnknown(words.slice(builtIn.words.length), builtIn.flags) };
}

export function startsWith(words: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length > 0 && prefix.every((word, index) => words[index] === word);
}
