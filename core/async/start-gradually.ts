import { afterTurns } from "../clock.js";

const atOnce = 64;

/** Starts work for each item, in order, and waits for none of it; after every few, what came back meanwhile is dealt with first. */
export function startGradually<T, Result>(items: readonly T[], start: (item: T) => Promise<Result>): Promise<Result>[] {
  let turn = Promise.resolve();
  return items.map((item, index) => {
    if (index > 0 && index % atOnce === 0) turn = turn.then(() => new Promise(afterTurns));
    return turn.then(() => start(item));
  });
}
