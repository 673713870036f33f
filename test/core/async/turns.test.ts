import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { Turns } from "../../../core/async/turns.js";

it("so many have a turn at once, the others in the order in which they came; a turn ends once", async () => {
  const turns = new Turns(2);
  const [having, ends]: [number[], (() => void)[]] = [[], []];
  const take = async (index: number): Promise<void> => {
    const end = await turns.take();
    having.push(index);
    ends.push(end);
  };
  for (let index = 0; index < 5; index++) void take(index);
  await setImmediate();
  expect(having).toEqual([0, 1]);
  ends[1]!();
  ends[1]!();
  await setImmediate();
  expect(having).toEqual([0, 1, 2]);
  ends[0]!();
  ends[2]!();
  await setImmediate();
  expect(having).toEqual([0, 1, 2, 3, 4]);
  for (const end of ends) end();
  // All are free again.
  await Promise.all([turns.take(), turns.take()]);
});
