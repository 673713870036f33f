import { systemClock } from "../clock.js";

/** gRPC waits with timers of Node, which hold 31 bits; with a longer time it would give up at once. */
const longestMs = 2 ** 31 - 60_000;

/** The deadline, or the farthest one that can be held. */
export function holdableDeadline(deadline: Date): Date {
  return new Date(Math.min(deadline.getTime(), systemClock.now().getTime() + longestMs));
}
