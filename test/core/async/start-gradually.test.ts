import { expect, it } from "vitest";
import { startGradually } from "../../../core/async/start-gradually.js";

const thousand = Array.from({ length: 1_000 }, (_, index) => index);

it("all are started in order, none waits for another, and others get their say in between", async () => {
  const started: number[] = [];
  let whenOthersSpoke = 0;
  setImmediate(() => (whenOthersSpoke = started.length));
  const never = new Promise<never>(() => undefined);
  const promises = startGradually(thousand, (item) => {
    started.push(item);
    return item === 3 ? never : Promise.resolve(item * 2);
  });
  expect(await promises[999]).toBe(1_998);
  expect(started).toEqual(thousand);
  expect(whenOthersSpoke).toBeLessThan(200);
});

it("one that fails fails alone", async () => {
  const told = await Promise.allSettled(startGradually(thousand, (item) => (item === 500 ? Promise.reject(new Error("no")) : Promise.resolve(item))));
  expect(told.filter(({ status }) => status === "rejected")).toHaveLength(1);
});
