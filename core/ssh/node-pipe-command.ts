import { remotePath } from "./ssh-arguments.js";

/** Exit status of `nodePipeCommand` where the program has to be carried over first (EX_TEMPFAIL). */
export const carryFirst = 75;

/** What the other machine says of its Node.js then: `dispatch-carry PLATFORM-ARCH-ABI`. */
export const carryAsked = /^dispatch-carry (\S+)$/m;

/** What a machine must be like to run our addon: `linux-x64-115`. */
export const ourBuild = `${process.platform}-${process.arch}-${process.versions.modules}`;

/** Node.js is often found by login shells alone. What comes in by standard input is not for them. */
const findNode = 'command -v node >/dev/null 2>&1 || PATH="$PATH:$("${SHELL:-/bin/sh}" -lic \'printf "\\n%s" "$PATH"\' </dev/null 2>/dev/null | tail -n 1)"';

const folderOf = (name: string): string => {
  if (!/^[\w.+-]+$/.test(name)) throw new RangeError("a carried program is named by its version and a digest");
  return `b="\${XDG_CACHE_HOME:-$HOME/.cache}/dispatch"; d="$b/${name}"`;
};

/** Leads to the node of that machine: by what is installed there, else by the program that was carried over under this name. */
export const nodePipeCommand = (name: string): string => [
  `${remotePath}; ${findNode}; ${folderOf(name)}`,
  "if command -v dispatch >/dev/null 2>&1; then exec dispatch node pipe; fi",
  'if [ -f "$d/complete" ]; then exec node "$d/dispatch.cjs" node pipe; fi',
  'if ! command -v node >/dev/null 2>&1; then echo "neither Dispatch nor Node.js 20 is there" >&2; exit 69; fi',
  'if ! command -v tmux >/dev/null 2>&1; then echo "tmux is not there" >&2; exit 69; fi',
  `node -p '"dispatch-carry " + [process.platform, process.arch, process.versions.modules].join("-")' >&2 </dev/null`,
  `exit ${carryFirst}`,
].join("; ");

/** Takes the program from standard input, as tar and gzip make it; the newest two are kept. */
export const takeCarriedCommand = (name: string): string => [
  `umask 077; ${folderOf(name)}; t="$d.$$"`,
  'mkdir -p "$t" && tar -xozf - -C "$t" && chmod 700 "$t" && : > "$t/complete" || { rm -rf "$t"; exit 1; }',
  'if [ -f "$d/complete" ]; then rm -rf "$t"; else rm -rf "$d" && mv "$t" "$d"; fi',
  'ls -1dt "$b"/carried-* | tail -n +3 | while read -r old; do rm -rf "$old"; done',
].join("; ");
