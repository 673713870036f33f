import { createHash } from "node:crypto";

/** A command without blanks and line ends around it. Other blanks stay, and are refused. */
export function trimCommand(command: string): string {
  return command.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/gu, "");
}

/** First 16 hex digits of the SHA-256 of the trimmed command, with runs of blanks and tabs as one blank. */
export function commandHash(command: string): string {
  return createHash("sha256").update(trimCommand(command).replaceAll(/[ \t]+/gu, " "), "utf8").digest("hex").slice(0, 16);
}
