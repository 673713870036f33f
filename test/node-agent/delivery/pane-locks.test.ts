import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PaneLocks } from "../../../node-agent/delivery/pane-locks.js";

const never = (): AbortSignal => new AbortController().signal;

describe("PaneLocks", () => {
  it("lets waiters in one at a time, in order", async () => {
    const locks = new PaneLocks();
    const order: number[] = [];
    let inside = 0;
    await Promise.all([1, 2, 3, 4].map(async (n) => {
      const release = await locks.acquire("a", never());
      expect(++inside).toBe(1);
      order.push(n);
      await Promise.resolve();
      inside--;
      release();
    }));
    expect(order).toEqual([1, 2, 3, 4]);
    expect(locks.isHeld("a")).toBe(false);
  });

  it("keeps names apart", async () => {
    const locks = new PaneLocks();
    await locks.acquire("a", never());
    await locks.acquire("b", never());
    expect(locks.isHeld("a") && locks.isHeld("b")).toBe(true);
  });

  it("forgets a waiter that gives up, wherever it stands", async () => {
    const locks = new PaneLocks();
    const release = await locks.acquire("a", never());
    const leaver = new AbortController();
    const left = locks.acquire("a", leaver.signal);
    const next = locks.acquire("a", never());
    leaver.abort(new Error("no longer"));
    await expect(left).rejects.toThrow("no longer");
    release();
    (await next)();
    expect(locks.isHeld("a")).toBe(false);
    await expect(locks.acquire("a", leaver.signal)).rejects.toThrow("no longer");
  });

  it("releases once however often it is called", async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (times) => {
      const locks = new PaneLocks();
      const release = await locks.acquire("a", never());
      const second = locks.acquire("a", never());
      const third = locks.acquire("a", never());
      for (let i = 0; i < times; i++) release();
      await second;
      let thirdIn = false;
      void third.then(() => (thirdIn = true));
      await Promise.resolve();
      expect(thirdIn).toBe(false);
    }));
  });
});
