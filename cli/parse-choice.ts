import { DispatchError } from "../core/errors/dispatch-error.js";
import { didYouMean } from "../core/text/nearest.js";

/** The word as one of the choices, or an error that names them. */
export function parseChoice<T extends string>(word: string, choices: readonly T[], option: string): T {
  const found = choices.find((choice) => choice === word);
  if (found) return found;
  throw new DispatchError("invalid_argument", `${option}: "${word}" is none of ${choices.join(", ")}.${didYouMean(word, choices)}`, { metadata: { field: option, value: word } });
}
