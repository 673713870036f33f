import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { systemClock } from "../core/clock.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { readAll } from "./read-all.js";
import { readNamedFile } from "./read-named-file.js";

export interface PromptSources {
  readonly prompt: string | undefined;
  readonly file: string | undefined;
  readonly stdin: Readable & { isTTY?: boolean };
  readonly notice: (text: string) => void;
}

/** After this long without any input people are told what is waited for: a program may have left its pipe open. */
const noticeMs = 2_000;

/** The text to send: --prompt, then the file, then standard input (where it is no terminal), with a blank line between. */
export async function readPrompt({ prompt, file, stdin, notice }: PromptSources, timeoutMs: number): Promise<string> {
  const parts: string[] = [];
  if (prompt !== undefined) parts.push(checkedArgument(prompt));
  if (file !== undefined) parts.push(decode(await readNamedFile(file, "The file", "file", timeoutMs), `The file ${file}`));
  if (stdin.isTTY !== true) parts.push(decode(await readStdin(stdin, notice, timeoutMs), "Standard input"));
  const given = parts.filter((part) => part !== "");
  if (given.length === 0) throw new DispatchError("empty_prompt", undefined, { metadata: { field: "prompt" } });
  return given.join("\n\n");
}

async function readStdin(stream: Readable, notice: (text: string) => void, timeoutMs: number): Promise<Buffer> {
  const quiet = systemClock.after(noticeMs, () => notice("waiting for standard input to end; redirect it from /dev/null where there is none."));
  try {
    return await readAll(stream, "Standard input", { field: "stdin", timeoutMs, onBytes: quiet });
  } finally {
    quiet();
  }
}

function decode(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new DispatchError("invalid_utf8", `${what} is not valid UTF-8.`, { metadata: { field: "prompt" }, cause: error });
  }
}

/** Node puts U+FFFD in place of bytes that are not UTF-8. Where the bytes themselves cannot be had, one in the text is refused. */
function checkedArgument(prompt: string): string {
  if (!prompt.includes("\uFFFD")) return prompt;
  try {
    decode(readFileSync("/proc/self/cmdline"), "The prompt");
    return prompt;
  } catch (error) {
    throw error instanceof DispatchError ? error : new DispatchError("invalid_utf8", "The prompt may not be valid UTF-8; give it with --file or on standard input.", { metadata: { field: "prompt" } });
  }
}
