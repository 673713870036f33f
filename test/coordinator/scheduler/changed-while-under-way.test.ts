import { describe, expect, it } from "vitest";
import { scheduleSpecToWire } from "../../../core/wire/schedule.js";
import type { Schedule, ScheduleSpec } from "../../../core/domain/schedule.js";
import { SchedulerWorld } from "./scheduler-world.js";

const minute = 60_000;
const hour = 60 * minute;
/** More than are sent to at once. */
const many = Array.from({ length: 15 }, (_, index) => `hold:0.${index}`);

function world(): SchedulerWorld {
  const made = new SchedulerWorld("2026-11-23T12:00:00Z");
  made.start();
  return made;
}

const edit = (w: SchedulerWorld, { id, spec }: Schedule, changes: Partial<ScheduleSpec>, fields: string[]): Promise<unknown> =>
  w.call("updateSchedule", { id, spec: scheduleSpecToWire({ ...spec, ...changes }), fields, catchUp: false });

const to = (...panes: string[]) => panes.map((pane) => ({ machine: "", server: "", pane }));

describe("a schedule that is ended while it sends to many", () => {
  it.each(["cancelSchedule", "deleteSchedule"])("%s: none of those that were not typed yet is sent to, also those that waited for their turn", async (verb) => {
    const w = world();
    w.holding = true;
    const { id } = await w.create({ in: "1s", targets: many, timeoutMs: hour });
    await w.advance(2_000);
    await w.call(verb, { id });
    await w.advance(1_000);
    if (verb === "cancelSchedule") expect(await w.occurrences(id)).toMatchObject([{ status: "failed", reason: "cancelled", targets: many.map(() => ({ status: "cancelled" })) }]);
    w.node.release();
    await w.advance(hour);
    expect(w.node.typed).toEqual([]);
  });

  it("and killed before it is done with that: its next life begins nothing new", async () => {
    const w = world();
    w.holding = true;
    const { id } = await w.create({ in: "1s", targets: many, timeoutMs: hour });
    await w.advance(2_000);
    // The call that tells the nodes is not reached.
    w.killAfterCalls(3);
    await w.call("cancelSchedule", { id }).catch(() => undefined);
    w.start();
    await w.advance(1_000);
    expect(await w.get(id)).toMatchObject({ status: "cancelled" });
    w.node.release();
    await w.advance(hour);
    // Those that their node had already were not stopped, and are told as what they are.
    const { targets = [] } = (await w.occurrences(id))[0] ?? {};
    expect(targets.filter(({ status }) => status === "delivered")).toHaveLength(w.node.typed.length);
    expect(targets.filter(({ status }) => status === "cancelled").length).toBeGreaterThanOrEqual(5);
  });
});

describe("other targets", () => {
  it("are what a try that was put off goes to: never those that were named before", async () => {
    const w = world();
    const made = await w.create({ in: "1s", targets: ["shell"] });
    await w.advance(2_000);
    await edit(w, made, { targets: to("idle:0.0") }, ["targets"]);
    await w.advance(2 * minute);
    expect(await w.occurrences(made.id)).toMatchObject([{ status: "delivered", attempts: 2, targets: [{ target: { pane: "idle:0.0" }, status: "delivered" }] }]);
    expect(await w.typedKeys()).toEqual([`${made.id}/2026-11-23T12:00:01.000Z/try-2`]);
  });

  it("named while a run is under way, are what its next try goes to", async () => {
    const w = world();
    w.holding = true;
    const made = await w.create({ in: "1s", targets: ["shell"], limits: { jitterMs: 20_000 } });
    await w.advance(1_000);
    expect(await w.told(made.id)).toEqual(["running"]);
    await edit(w, made, { targets: to("idle:0.0") }, ["targets"]);
    await w.advance(3 * minute);
    expect(await w.occurrences(made.id)).toMatchObject([{ status: "delivered", attempts: 2, targets: [{ target: { pane: "idle:0.0" } }] }]);
  });

  it("do not get again what they have got", async () => {
    const w = world();
    const made = await w.create({ in: "1s", targets: ["idle:0.0", "shell:0.0"] });
    await w.advance(2_000);
    await edit(w, made, { targets: to("idle:0.0", "idle:0.1") }, ["targets"]);
    await w.advance(2 * minute);
    expect(await w.occurrences(made.id)).toMatchObject([{ status: "delivered", targets: [{ target: { pane: "idle:0.0" }, attempts: 1 }, { target: { pane: "idle:0.1" }, attempts: 2 }] }]);
    expect(w.node.typed).toHaveLength(2);
  });
});

it("a run under way is not tried again at its old time once its schedule has another", async () => {
  const w = world();
  w.holding = true;
  const made = await w.create({ in: "1s", targets: ["shell"], limits: { jitterMs: 20_000 } });
  await w.advance(1_000);
  await edit(w, made, { timing: { type: "at", at: new Date("2026-11-23T15:00:00Z") } }, ["timing"]);
  await w.advance(2 * hour);
  expect(await w.occurrences(made.id)).toMatchObject([{ status: "failed", reason: "is_shell", attempts: 1 }]);
  expect(await w.get(made.id)).toMatchObject({ status: "scheduled", nextRun: new Date("2026-11-23T15:00:00Z") });
});

it("a slot that a pause leaves out is none of --max-runs", async () => {
  const w = world();
  w.holding = true;
  const { id } = await w.create({ every: "1m", maxRuns: 2, targets: ["hold"], timeoutMs: hour, policy: { overlap: "queue_one" } });
  await w.advance(2 * minute + 1_000);
  await w.call("pauseSchedule", { id });
  w.node.release();
  await w.advance(1_000);
  expect(await w.get(id)).toMatchObject({ status: "paused", runs: 1 });
  await w.call("resumeSchedule", { id });
  await w.advance(10 * minute);
  expect(await w.told(id)).toEqual(["delivered", "skipped(paused)", "delivered"]);
  expect(await w.get(id)).toMatchObject({ status: "fired", runs: 2 });
});

it("--max-runs cannot be changed to what it has had", async () => {
  const w = world();
  const made = await w.create({ every: "1m" });
  await w.advance(3 * minute);
  await expect(edit(w, made, { maxRuns: 3 }, ["max_runs"])).rejects.toMatchObject({ details: "--max-runs: it has run 3 times already; name more, or 0 for no limit." });
  await edit(w, made, { maxRuns: 4 }, ["max_runs"]);
  await w.advance(5 * minute);
  expect(await w.get(made.id)).toMatchObject({ status: "fired", runs: 4 });
});

it("proof that comes late makes good what its schedule says, too", async () => {
  const w = world();
  const { id } = await w.create({ in: "1s", targets: ["never"] });
  await w.advance(2_000);
  expect(await w.told(id)).toEqual(["unconfirmed(no_proof)"]);
  expect(await w.get(id)).toMatchObject({ status: "failed", failureCount: 1, lastFailureReason: expect.stringContaining("no_proof") });
  w.node.prove((await w.typedKeys())[0] ?? "");
  expect(await w.told(id)).toEqual(["delivered"]);
  expect(await w.get(id)).toMatchObject({ status: "fired", failureCount: 0, consecutiveFailures: 0, lastFailureAt: undefined, lastFailureReason: "" });
});

it("--stagger holds in a schedule as it does in a bulk", async () => {
  const w = world();
  await w.create({ in: "1s", targets: ["idle:0.0", "idle:0.1", "idle:0.2"], limits: { staggerMs: 10_000 } });
  await w.advance(1_500);
  expect(w.node.typed).toHaveLength(1);
  await w.advance(10_000);
  expect(w.node.typed).toHaveLength(2);
  await w.advance(10_000);
  expect(w.node.typed).toHaveLength(3);
});
