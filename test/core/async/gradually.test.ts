import { expect, it } from "vitest";
import { gradually } from "../../../core/async/gradually.js";

it("all may start, in the order in which they ask, and others get their say in between", async () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => index);
  const mayStart = gradually();
  const started: number[] = [];
  let whenOthersSpoke = 0;
  setImmediate(() => (whenOthersSpoke = started.length));
  await Promise.all(thousand.map(async (item) => {
    await mayStart();
    started.push(item);
  }));
  expect(started).toEqual(thousand);
  expect(whenOthersSpoke).toBeGreaterThan(0);
  expect(whenOthersSpoke).toBeLessThan(200);
});
