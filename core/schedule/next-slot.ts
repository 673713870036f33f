import type { ScheduleSpec } from "../domain/schedule.js";
import { nextCronSlot } from "./cron.js";

type SlotSpec = Pick<ScheduleSpec, "timing" | "timeZone" | "start" | "end">;

/**
 * The first slot strictly after `after`, within start and end; undefined where none is left. `anchor` is where the grid of an interval
 * begins: its slots are `anchor + n × everyMs`, so that late runs do not shift it.
 */
export function nextSlot({ timing, timeZone, start, end }: SlotSpec, after: Date, anchor: Date): Date | undefined {
  // A slot may fall on the start itself.
  const from = start && start.getTime() - 1 > after.getTime() ? new Date(start.getTime() - 1) : after;
  const slot = slotAfter(timing, timeZone, from, anchor);
  return slot && end && slot > end ? undefined : slot;
}

function slotAfter(timing: ScheduleSpec["timing"], timeZone: string, after: Date, anchor: Date): Date | undefined {
  switch (timing.type) {
    case "at":
      return timing.at > after ? timing.at : undefined;
    case "cron":
      return nextCronSlot(timing.cron, timeZone, after);
    case "every": {
      const passed = Math.floor((after.getTime() - anchor.getTime()) / timing.everyMs);
      return new Date(anchor.getTime() + (passed + 1) * timing.everyMs);
    }
  }
}

/** The next slots, at most `count`. */
export function nextSlots(spec: SlotSpec, after: Date, anchor: Date, count: number): Date[] {
  const slots: Date[] = [];
  for (let slot = nextSlot(spec, after, anchor); slot && slots.length < count; slot = nextSlot(spec, slot, anchor)) slots.push(slot);
  return slots;
}

export interface PastSlots {
  readonly slots: readonly Date[];
  /** The last of those before them, where there are more. */
  readonly before?: Date | undefined;
  /** The first that is still to come; undefined where none is. */
  readonly following: Date | undefined;
}

/** The last slots up to and with `until`, from the slot `first` on: at most `count`. */
export function pastSlots(spec: SlotSpec, first: Date, until: Date, anchor: Date, count: number): PastSlots {
  const second = nextSlot(spec, first, anchor);
  // Nearly always it is the only one: to reckon slots is what costs most.
  if (first <= until && (!second || second > until)) return { slots: [first], following: second };
  // From near the end backwards: after a long outage most slots need not be reckoned one by one.
  for (let lookbackMs = 60_000; ; lookbackMs *= 2) {
    const from = until.getTime() - lookbackMs;
    const whole = from < first.getTime();
    const { slots, following } = slotsBetween(spec, whole ? first.getTime() - 1 : from, until, anchor);
    if (!whole && slots.length <= count) continue;
    return { slots: slots.slice(-count), before: slots.at(-count - 1), following };
  }
}

function slotsBetween(spec: SlotSpec, after: number, until: Date, anchor: Date): PastSlots {
  const slots: Date[] = [];
  let slot = nextSlot(spec, new Date(after), anchor);
  for (; slot && slot <= until; slot = nextSlot(spec, slot, anchor)) slots.push(slot);
  return { slots, following: slot };
}
