import { refusal } from "./run-context.js";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { FoundAgent } from "./sight.js";
import type { DeliveryOptions } from "../../core/domain/delivery.js";
import { sanitize, type ChangedText } from "./sanitize.js";

/** The text that will be pasted; refuses what the agent would not take as a prompt, and any change under `strict`. */
export function prepareText({ adapter, process }: FoundAgent, prompt: string, options: Pick<DeliveryOptions, "strict" | "command" | "mode">): ChangedText {
  const clean = sanitize(prompt);
  if (clean.text.trim() === "") throw refusal("empty_prompt", "The prompt is empty once control characters are removed; nothing was typed.");
  const prepared = adapter.prepare(clean.text, { command: options.command, fileExists: (path) => existsSync(resolve(process.cwd, path)) });
  if (prepared.refusal !== undefined) throw refusal("would_run_as_command", `${prepared.refusal} Nothing was typed.`);
  const transformation = [...clean.transformation, ...prepared.transformation];
  if (options.strict && transformation.length > 0) {
    throw refusal("would_change_text", `The text would be changed for ${adapter.kind} (${transformation.join(", ")}); nothing was typed.`);
  }
  if (options.mode === "literal" && prepared.text.includes("\n")) {
    throw refusal("invalid_argument", "As single keys (--mode literal) a text of several lines would be submitted at each line end; nothing was typed.");
  }
  return { text: prepared.text, transformation };
}
