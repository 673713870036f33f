import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairSlots } from "../../../coordinator/fanout/fair-slots.js";

const never = (): AbortSignal => new AbortController().signal;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Asks for slots and keeps a list of who has got one, in order. */
function world(total: number, perMachine: number) {
  const slots = new FairSlots({ total, perMachine });
  const [started, release]: [string[], Map<string, () => void>] = [[], new Map()];
  return {
    started, release,
    ask: async (caller: string, machine: string, name: string, signal = never()): Promise<void> => {
      release.set(name, await slots.acquire(caller, machine, signal));
      started.push(name);
    },
  };
}

describe("slots", () => {
  it("callers take turns, however many one of them has waiting", async () => {
    const { ask, started, release } = world(1, 10);
    for (const index of [1, 2, 3, 4]) void ask("greedy", "m", `g${index}`);
    void ask("small", "m", "s1");
    for (let round = 0; round < 5; round++) {
      await settle();
      release.get(started.at(-1)!)!();
    }
    expect(started).toEqual(["g1", "g2", "s1", "g3", "g4"]);
  });

  it("a machine that is full holds up no other", async () => {
    const { ask, started } = world(10, 1);
    void ask("a", "full", "first");
    void ask("a", "full", "waits");
    void ask("a", "other", "goes");
    await settle();
    expect(started).toEqual(["first", "goes"]);
  });

  it("one that gives up waiting is passed over, and the others are served", async () => {
    const { ask, started, release } = world(1, 1);
    const [stop, gone] = [new AbortController(), new Error("gone")];
    void ask("a", "m", "first");
    const waiting = ask("a", "m", "gives up", stop.signal);
    void ask("a", "m", "third");
    stop.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    release.get("first")!();
    await settle();
    expect(started).toEqual(["first", "third"]);
    await expect(ask("a", "m", "too late", stop.signal)).rejects.toBe(gone);
  });

  it("a slot given back twice counts once", async () => {
    const { ask, started, release } = world(1, 1);
    for (const name of ["1", "2", "3"]) void ask("a", "m", name);
    await settle();
    release.get("1")!();
    release.get("1")!();
    await settle();
    expect(started).toEqual(["1", "2"]);
  });

  it("never more at once than the limits, and everyone is served", async () => {
    const asks = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("m", "n")), { maxLength: 40 });
    await fc.assert(fc.asyncProperty(asks, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), async (wanted, total, perMachine) => {
      const slots = new FairSlots({ total, perMachine });
      const running = new Map<string, number>();
      let served = 0;
      await Promise.all(wanted.map(async ([caller, machine]) => {
        const give = await slots.acquire(caller, machine, never());
        running.set(machine, (running.get(machine) ?? 0) + 1);
        expect(running.get(machine)).toBeLessThanOrEqual(perMachine);
        expect([...running.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(total);
        await settle();
        running.set(machine, running.get(machine)! - 1);
        served++;
        give();
      }));
      expect(served).toBe(wanted.length);
    }), { numRuns: 50 });
  });
});
