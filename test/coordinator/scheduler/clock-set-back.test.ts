import { expect, it } from "vitest";
import { SchedulerWorld } from "./scheduler-world.js";

const minute = 60_000;
const hour = 60 * minute;

function world(): SchedulerWorld {
  const made = new SchedulerWorld("2026-11-23T12:00:00Z");
  made.start();
  return made;
}

const delivered = async (w: SchedulerWorld, id: string): Promise<string[]> => (await w.occurrences(id)).filter(({ status }) => status === "delivered").map(({ slot }) => slot.toISOString().slice(8, 16));

it.each(["while it runs", "while nothing runs"])("a clock that was wrong by a day for a moment does not silence a cron schedule for that day: %s", async (when) => {
  const w = world();
  const { id } = await w.create({ cron: "*/10 * * * *" });
  await w.advance(11 * minute);
  w.clock.setWall("2026-11-24T12:11:00Z");
  await w.advance(5_000);
  if (when === "while nothing runs") w.kill();
  w.clock.setWall("2026-11-23T12:11:10Z");
  if (!w.alive) w.start();
  await w.advance(29 * minute);
  // What was run while the clock was wrong is not run again when that time really comes.
  expect(await delivered(w, id)).toEqual(["23T12:10", "23T12:20", "23T12:30", "23T12:40", "24T12:10"]);
  expect((await w.told(id)).filter((word) => word.startsWith("missed"))).toEqual([]);
  expect(w.node.typed).toHaveLength(5);
});

it("the row that stands for many missed slots stands for those alone that have come", async () => {
  const w = world();
  const { id } = await w.create({ cron: "* * * * *", policy: { catchUp: "none" } });
  w.clock.setWall("2026-11-24T12:00:30Z");
  await w.advance(2_000);
  expect(w.rows()).toHaveLength(1001);
  w.clock.setWall("2026-11-23T14:00:30Z");
  await w.advance(2 * minute);
  expect(await w.occurrences(id)).toMatchObject([{ slot: new Date("2026-11-23T12:01:00Z"), until: new Date("2026-11-23T14:00:00Z"), status: "missed" }, { slot: new Date("2026-11-23T14:01:00Z"), status: "delivered" }, { status: "delivered" }]);
});

it("what waits for its next try waits no longer than between two tries", async () => {
  const w = world();
  const { id } = await w.create({ in: "1s", targets: ["shell"] });
  await w.advance(2_000);
  w.clock.setWall(w.clock.now().getTime() - 5 * hour);
  await w.advance(1_000);
  expect((await w.get(id)).nextRun).toEqual(new Date(w.clock.now().getTime() + minute));
  await w.advance(2 * minute);
  expect(await w.occurrences(id)).toMatchObject([{ attempts: 3 }]);
});
