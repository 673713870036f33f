import type { ExecCode } from "./exec-code.js";

/** A reason to refuse a command whatever any policy says. */
export interface Block {
  readonly code: ExecCode;
  /** Without the command. */
  readonly sentence: string;
}

/** A terminal's line holds no more where its shell has no editor; and no text of any length may keep the judge busy. */
const longestCommand = 4_096;

/** Checks on the characters, before anything is parsed. */
export function checkCharacters(command: string): Block | undefined {
  if (command.length > longestCommand) return { code: "blocked_unparsable", sentence: `The command is longer than ${longestCommand} characters; put it into a script.` };
  if (command === "") return { code: "blocked_empty", sentence: "The command is empty." };
  if (/[\r\n\u0085\u2028\u2029]/u.test(command)) return { code: "blocked_multiline", sentence: "The command has several lines; one line is taken." };
  if (/[^\P{Cc}\t]|\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|[^\P{Zs} ]|\u2800/u.test(command)) {
    return { code: "blocked_control_chars", sentence: "The command holds control characters, invisible ones, or blanks that only look like one." };
  }
  return undefined;
}

/** Checks on text that is no single command of literal words, or is a script: wider than need be, since nothing that they find is ever wanted. */
export function checkText(command: string): Block | undefined {
  return lines.find(({ pattern }) => pattern.test(command));
}

const home = String.raw`(?:~|\$HOME|\$\{HOME\}|/home/[^/\s]+|/root|/Users/[^/\s]+)`;

const lines: readonly (Block & { readonly pattern: RegExp })[] = [
  {
    code: "blocked_destructive", sentence: "It would remove everything under a root or home folder.",
    pattern: /\brm\s+-(?=[a-z]*r)(?=[a-z]*f)[a-z]+\s+(?:--(?:no-preserve-root)?\s+)*(?:\/|~|\$HOME|\$\{HOME\})/iu,
  },
  { code: "blocked_destructive", sentence: "It names a tool that formats file systems.", pattern: /(?:^|[^\w-])mkfs(?:\.\w+)?(?![\w-])/iu },
  { code: "blocked_destructive", sentence: "It would write to a raw device.", pattern: /\bdd\b.*\bof=["']?\/dev\//iu },
  { code: "blocked_destructive", sentence: "It would start processes without end.", pattern: /:\s*\(\s*\)\s*\{.*\|.*&/u },
  { code: "blocked_destructive", sentence: "It names a command that turns the machine off.", pattern: /\b(?:shutdown|reboot|halt|poweroff)\b/iu },
  {
    code: "blocked_remote_code", sentence: "It would run what it downloads.",
    pattern: /\b(?:curl|wget)\b.*\|\s*(?:(?:sudo|env)\s+)*(?:\S*\/)?(?:ba|z)?sh\b|\b(?:ba|z)?sh\s+-\w*c\s+["']?(?:\$\(|`)\s*(?:curl|wget)\b|\b(?:ba|z)?sh\s+<\s*\(?<?\(?\s*(?:curl|wget)\b|<\(\s*(?:curl|wget)\b/iu,
  },
  { code: "blocked_ssh_rewrite", sentence: "It would write into an .ssh folder.", pattern: new RegExp(String.raw`(?:>>?|\btee\b).*${home}/\.ssh/`, "iu") },
  {
    code: "blocked_credential_exfil", sentence: "It would send what looks like credentials over the network.",
    pattern: /\b(?:curl|wget|nc|netcat|scp|sftp|rsync)\b(?=.*(?:\.ssh\b|\.aws\/credentials|\.npmrc|(?:^|[\s@=/"'])\.env\b))/iu,
  },
];

/** Signs of the shell's language anywhere, in quotes too. */
export function hasShellSigns(command: string): boolean {
  return /[;|<>`]|&&|\$\(|\s&(?:\s|$)/u.test(command);
}
