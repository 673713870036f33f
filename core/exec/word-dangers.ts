import { checkText, type Block } from "./text-checks.js";

const destructive = (sentence: string): Block => ({ code: "blocked_destructive", sentence });

/** Programs that run what their words say: there every word is looked at as a command, and as a script. */
const runsItsWords: ReadonlySet<string> = new Set([
  "sudo", "doas", "env", "nohup", "nice", "ionice", "time", "timeout", "command", "exec", "builtin", "xargs", "busybox", "setsid", "stdbuf", "chroot", "unshare",
  "sh", "bash", "zsh", "dash", "ksh", "fish", "csh", "tcsh", "nu", "eval", "ssh", "su", "script", "watch", "tmux", "find", "parallel",
]);
const transfers: ReadonlySet<string> = new Set(["curl", "wget", "nc", "ncat", "netcat", "scp", "sftp", "rsync", "ftp", "socat"]);
const turnsOff: ReadonlySet<string> = new Set(["shutdown", "reboot", "halt", "poweroff"]);

/** What no policy lifts, by the program that runs and its own words, however they were quoted. */
export function checkDanger(words: readonly string[]): Block | undefined {
  const [name = "", ...rest] = words;
  const own = checkProgram(words);
  if (own || !runsItsWords.has(programOf(name))) return own;
  return checkText(rest.join(" ")) ?? checkEach(rest) ?? rest.filter((word) => /\s/u.test(word)).map(partsOf).map(checkEach).find((found) => found !== undefined);
}

/** Every word as if a command began there. */
function checkEach(words: readonly string[]): Block | undefined {
  return words.map((_, index) => checkProgram(words.slice(index))).find((found) => found !== undefined);
}

function partsOf(script: string): string[] {
  return script.split(/[\s;&|(){}]+/u).filter((part) => part !== "");
}

function checkProgram([name = "", ...rest]: readonly string[]): Block | undefined {
  const program = programOf(name);
  if (program === "rm" && removesWidely(rest)) return destructive("It would remove everything under an absolute path, a home folder or a folder above.");
  if (program === "find" && findRemoves(rest)) return destructive("It would remove what it finds under an absolute path, a home folder or a folder above.");
  if (/^mkfs(?:\.|$)/u.test(program)) return destructive("It formats a file system.");
  if (program === "dd" && rest.some((word) => /^of=\/dev\//iu.test(word))) return destructive("It would write to a raw device.");
  if (turnsOff.has(program) || (program === "systemctl" && rest.some((word) => turnsOff.has(word))) || (/^(?:tel)?init$/u.test(program) && /^[06]$/u.test(rest[0] ?? ""))) {
    return destructive("It turns the machine off.");
  }
  if (program === "tee" && rest.some((word) => /(?:^|\/)\.ssh\//u.test(word))) return { code: "blocked_ssh_rewrite", sentence: "It would write into an .ssh folder." };
  if (transfers.has(program) && rest.some((word) => /\.ssh(?:\/|$)|\.aws\/credentials|\.npmrc|(?:^|[/=@])\.env\b/u.test(word))) {
    return { code: "blocked_credential_exfil", sentence: "It would send what looks like credentials over the network." };
  }
  return undefined;
}

export function baseName(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1);
}

function programOf(word: string): string {
  return baseName(word).toLowerCase();
}

/** `rm` with recursion in any spelling, on a path that leads out of the folder. */
function removesWidely(words: readonly string[]): boolean {
  const recursive = words.some((word) => (word.startsWith("--") ? word.length > 2 && "--recursive".startsWith(word) : /^-[a-z]*r/iu.test(word)));
  return recursive && words.some(leadsOut);
}

function findRemoves(words: readonly string[]): boolean {
  const tests = words.findIndex((word) => word.startsWith("-"));
  return words.slice(0, Math.max(tests, 0)).some(leadsOut) && words.some((word) => word === "-delete" || programOf(word) === "rm");
}

function leadsOut(word: string): boolean {
  return /^[/~]/u.test(word) || word.split("/").includes("..");
}
