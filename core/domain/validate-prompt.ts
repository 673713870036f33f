import { DispatchError } from "../errors/dispatch-error.js";

/** Refuses what no agent could be given. Returns the length in bytes. */
export function validatePrompt(prompt: string, maxBytes: number): number {
  if (prompt.trim() === "") throw new DispatchError("empty_prompt", undefined, { metadata: { field: "prompt" } });
  // A lone surrogate has no UTF-8 form: encoding would silently change the text.
  if (/\p{Surrogate}/u.test(prompt)) throw new DispatchError("invalid_utf8", undefined, { metadata: { field: "prompt" } });
  const bytes = Buffer.byteLength(prompt);
  if (bytes > maxBytes) {
    throw new DispatchError("prompt_too_large", `The prompt has ${bytes} bytes; the limit is ${maxBytes}.`, { metadata: { field: "prompt", bytes: String(bytes), limit: String(maxBytes) } });
  }
  return bytes;
}
