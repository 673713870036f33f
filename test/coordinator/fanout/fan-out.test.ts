import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fanOut, type Pace } from "../../../coordinator/fanout/fan-out.js";

/** Work that ends when told to, and counts what runs at once. */
class Desk {
  readonly started: string[] = [];
  readonly most = new Map<string, number>();
  readonly #running = new Map<string, number>();
  readonly #ends: (() => void)[] = [];

  readonly work = (item: string): Promise<void> => {
    this.started.push(item);
    this.#count(item, 1);
    this.#count("all", 1);
    return new Promise((resolve) => this.#ends.push(() => {
      this.#count(item, -1);
      this.#count("all", -1);
      resolve();
    }));
  };

  get waiting(): number {
    return this.#ends.length;
  }

  end(which: number): void {
    this.#ends.splice(which % this.#ends.length, 1)[0]?.();
  }

  #count(name: string, by: number): void {
    const now = (this.#running.get(name) ?? 0) + by;
    this.#running.set(name, now);
    this.most.set(name, Math.max(this.most.get(name) ?? 0, now));
  }
}

const atOnce: Pace = (next) => next();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("fanOut", () => {
  it("runs everything once, and never more at once than the limits, whatever ends first", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat(100)),
      async (machines, maxConcurrency, perMachine, order) => {
        const desk = new Desk();
        const done = fanOut(machines, (machine) => machine, { maxConcurrency, perMachine }, new AbortController().signal, desk.work, { between: atOnce });
        for (const next of order) {
          if (desk.waiting === 0) break;
          desk.end(next);
          await turn();
        }
        await done;
        expect(desk.started.toSorted()).toEqual(machines.toSorted());
        expect(desk.most.get("all") ?? 0).toBeLessThanOrEqual(maxConcurrency);
        for (const machine of new Set(machines)) expect(desk.most.get(machine)).toBeLessThanOrEqual(perMachine);
      },
    ), { numRuns: 100 });
  });

  it("uses its places: a machine that never answers holds up nobody else", async () => {
    const desk = new Desk();
    void fanOut(["dead", "dead", "dead", "a", "b"], (machine) => machine, { maxConcurrency: 3, perMachine: 1 }, new AbortController().signal, desk.work);
    while (desk.waiting < 3) await turn();
    expect(desk.started).toEqual(["dead", "a", "b"]);
    for (let more = 0; more < 10; more++) await turn();
    expect(desk.waiting).toBe(3);
  });

  it("starts one after another until the first has ended, then a few together", async () => {
    const desk = new Desk();
    void fanOut(Array.from({ length: 40 }, (_, index) => String(index)), (machine) => machine, { maxConcurrency: 40, perMachine: 1 }, new AbortController().signal, desk.work);
    const perTurn: number[] = [];
    const turns = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        const before = desk.started.length;
        await turn();
        perTurn.push(desk.started.length - before);
      }
    };
    await turns(6);
    expect(Math.max(...perTurn)).toBe(1);
    desk.end(0);
    await turns(4);
    expect(Math.max(...perTurn)).toBe(8);
  });

  it("starts a few, and the others once one of them has ended or has been waited for long enough", async () => {
    for (const goOn of ["ended", "waited"]) {
      const desk = new Desk();
      let over = (): void => undefined;
      let waits = true;
      const patience = (told: () => void): (() => void) => {
        over = told;
        return () => (waits = false);
      };
      const done = fanOut(Array.from({ length: 12 }, (_, index) => String(index)), () => "one", { maxConcurrency: 10, perMachine: 12 }, new AbortController().signal, desk.work, { patience });
      for (let more = 0; more < 20; more++) await turn();
      expect(desk.waiting).toBe(4);
      if (goOn === "ended") desk.end(0);
      else over();
      for (let more = 0; more < 20; more++) await turn();
      expect(desk.waiting).toBe(10);
      while (desk.waiting > 0) {
        desk.end(0);
        await turn();
        await turn();
      }
      await done;
      expect(waits).toBe(false);
    }
  });

  it("starts nothing more once its caller has left, and waits for what runs", async () => {
    const desk = new Desk();
    const stop = new AbortController();
    let over = false;
    const done = fanOut(["a", "b", "c"], (machine) => machine, { maxConcurrency: 1, perMachine: 1 }, stop.signal, desk.work).then(() => (over = true));
    stop.abort();
    await turn();
    expect(over).toBe(false);
    desk.end(0);
    await done;
    expect(desk.started).toEqual(["a"]);
  });

  it("is over at once where there is nothing to do", async () => {
    await fanOut([], () => "", { maxConcurrency: 1, perMachine: 1 }, new AbortController().signal, () => Promise.resolve());
  });
});
