import type { Clock } from "../../core/clock.js";
import type { Baseline } from "./agent-record.js";
import { sizeOf } from "./jsonl-tail.js";

/** The baseline of JSONL records: how long each one is now. */
export function measure(paths: readonly string[], clock: Clock): Baseline {
  const takenAtMs = clock.now().getTime();
  const offsets: Record<string, number> = {};
  for (const path of paths) {
    const size = sizeOf(path);
    if (size !== undefined) offsets[path] = size;
  }
  return { takenAtMs, offsets };
}
