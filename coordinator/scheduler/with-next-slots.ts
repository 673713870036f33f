import { nextSlots } from "../../core/schedule/next-slot.js";
import type { StoredSchedule } from "../store/schedule-store.js";

const shown = 5;

/** The schedule with its next five slots. */
export function withNextSlots(schedule: StoredSchedule, now: Date): StoredSchedule {
  const { spec, anchor, status, nextSlot: first, runs } = schedule;
  if (!first || (status !== "scheduled" && status !== "paused")) return schedule;
  const left = spec.maxRuns === 0 ? shown : Math.min(shown, spec.maxRuns - runs);
  const from = first > now ? first : now;
  const slots = spec.timing.type === "at" ? [first] : nextSlots(spec, new Date(from.getTime() - 1), anchor, Math.max(0, left));
  return { ...schedule, nextSlots: slots };
}
