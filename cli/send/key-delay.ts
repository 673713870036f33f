import type { Config } from "../../core/config/config.js";

type DelayConfig = Pick<Config, "minDelayMs" | "maxDelayMs" | "msPerWord" | "msPerChar">;

/**
 * Least time between paste and key for whoever sets one of the delay variables: as the predecessor reckoned it, from words and characters
 * (UTF-16). 0 where none is set: the key follows as soon as the text is seen in the composer.
 */
export function configuredKeyDelayMs(prompt: string, { minDelayMs, maxDelayMs, msPerWord, msPerChar }: DelayConfig): number {
  if ([minDelayMs, maxDelayMs, msPerWord, msPerChar].every((value) => value === undefined)) return 0;
  const least = minDelayMs ?? 150;
  const words = prompt.split(/\s+/u).filter((word) => word !== "").length;
  const wanted = least + words * (msPerWord ?? 9) + prompt.length * (msPerChar ?? 0.6);
  return Math.round(Math.min(Math.max(wanted, least), Math.max(maxDelayMs ?? 4_000, least)));
}
