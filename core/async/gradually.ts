import { afterTurns } from "../clock.js";

const atOnce = 64;

/** For work of which much may start at once: what is given back resolves when one may. After every few, what has come back meanwhile is dealt with first. */
export function gradually(): () => Promise<void> {
  let asked = 0;
  let turn = Promise.resolve();
  return () => {
    if (asked++ % atOnce === 0 && asked > 1) turn = turn.then(() => new Promise(afterTurns));
    return turn;
  };
}
