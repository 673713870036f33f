import { createHash } from "node:crypto";

/** How much later this slot starts: the same each time it is asked, spread evenly over schedules and slots. Whole milliseconds, 0 to `jitterMs`. */
export function jitterOf(scheduleId: string, slot: Date, jitterMs: number): number {
  if (jitterMs <= 0) return 0;
  return createHash("sha256").update(`${scheduleId}/${slot.getTime()}`).digest().readUInt32BE() % (Math.floor(jitterMs) + 1);
}
