import { describe, expect, it } from "vitest";
import { SchedulerWorld } from "./scheduler-world.js";

const minute = 60_000;
const hour = 60 * minute;
const start = "2026-11-23T12:00:00Z";

async function world(at: string = start): Promise<SchedulerWorld> {
  const made = new SchedulerWorld(at);
  made.start();
  return made;
}

const times = async (w: SchedulerWorld, id: string): Promise<string[]> => (await w.occurrences(id)).map(({ slot }) => slot.toISOString().slice(11, 19));

describe("one-shots", () => {
  it("are delivered once, at their time, by the slot's key", async () => {
    const w = await world();
    const { id } = await w.create({ in: "30m" });
    await w.advance(30 * minute - 1);
    expect(w.node.typed).toEqual([]);
    await w.advance(1);
    expect(await w.typedKeys()).toEqual([`${id}/2026-11-23T12:30:00.000Z`]);
    expect(await w.get(id)).toMatchObject({ status: "fired", runs: 1, failureCount: 0, lastFiredAt: new Date("2026-11-23T12:30:00Z"), lastDeliveryId: w.node.typed[0] });
    expect(await w.told(id)).toEqual(["delivered"]);
    await w.advance(3 * hour);
    expect(w.node.typed).toHaveLength(1);
  });

  it("that are refused are tried every minute for an hour, then failed", async () => {
    const w = await world();
    const { id } = await w.create({ in: "1s", targets: ["shell"] });
    await w.advance(1_000);
    expect(await w.get(id)).toMatchObject({ status: "scheduled", failureCount: 1, lastFailureReason: "is_shell: It is refused.", nextRun: new Date("2026-11-23T12:01:01Z") });
    expect(await w.told(id)).toEqual(["due(is_shell)"]);
    await w.advance(2 * hour);
    expect(await w.occurrences(id)).toMatchObject([{ status: "failed", reason: "is_shell", attempts: 61 }]);
    expect(await w.get(id)).toMatchObject({ status: "failed", failureCount: 61, nextRun: undefined });
    expect(w.node.typed).toEqual([]);
  });

  it("that may have been typed are not tried again", async () => {
    const w = await world();
    const { id } = await w.create({ in: "1s", targets: ["never"] });
    await w.advance(2 * hour);
    expect(await w.told(id)).toEqual(["unconfirmed(no_proof)"]);
    expect(await w.get(id)).toMatchObject({ status: "failed", failureCount: 1 });
    expect(w.node.typed).toHaveLength(1);
  });

  it("in the past are refused, and run now with catch-up", async () => {
    const w = await world();
    await expect(w.create({ at: "2026-11-23T11:00:00Z" })).rejects.toMatchObject({ details: expect.stringContaining("is past, by 1h.") });
    const { id } = await w.create({ at: "2026-11-20T11:00:00Z" }, { catchUp: true });
    expect(await w.typedKeys()).toEqual([`${id}/2026-11-20T11:00:00.000Z`]);
  });

  it.each([[59, "delivered", "fired"], [61, "missed(not_running)", "failed"]])("missed by %d minutes are %s: the window is an hour", async (late, told, status) => {
    const w = await world();
    const { id } = await w.create({ in: "10m" });
    w.kill();
    w.clock.suspend((10 + late) * minute);
    w.start();
    await w.settle();
    expect(await w.told(id)).toEqual([told]);
    expect(await w.get(id)).toMatchObject({ status });
  });

  it("that were paused past their time run when they are resumed, with their whole retry window", async () => {
    const w = await world();
    const { id } = await w.create({ in: "10m", targets: ["shell"] });
    await w.call("pauseSchedule", { id });
    await w.advance(5 * hour);
    expect(await w.told(id)).toEqual([]);
    await w.call("resumeSchedule", { id });
    await w.advance(30 * minute);
    expect(await w.occurrences(id)).toMatchObject([{ status: "due", attempts: 31 }]);
  });

  it("that wait for a retry keep it over a pause", async () => {
    const w = await world();
    const { id } = await w.create({ in: "1s", targets: ["shell"] });
    await w.advance(2_000);
    await w.call("pauseSchedule", { id });
    await w.advance(10 * minute);
    expect(await w.occurrences(id)).toMatchObject([{ status: "due", attempts: 1 }]);
    await w.call("resumeSchedule", { id });
    await w.settle();
    expect(await w.occurrences(id)).toMatchObject([{ attempts: 2 }]);
  });
});

describe("loops and cron", () => {
  it("keep to their grid, whatever the runs take", async () => {
    const w = await world();
    const { id } = await w.create({ every: "5m", maxRuns: 3 });
    await w.advance(hour);
    expect(await times(w, id)).toEqual(["12:05:00", "12:10:00", "12:15:00"]);
    expect(await w.told(id)).toEqual(["delivered", "delivered", "delivered"]);
    expect(await w.get(id)).toMatchObject({ status: "fired", runs: 3, nextRun: undefined });
  });

  it("begin at --start, and end with --end", async () => {
    const w = await world();
    const loop = await w.create({ every: "10m", start: "2026-11-23T12:30:00Z", end: "2026-11-23T12:55:00Z" });
    const cron = await w.create({ cron: "*/15 * * * *", start: "2026-11-23T12:30:00Z", end: "2026-11-23T13:00:00Z" });
    await w.advance(2 * hour);
    expect(await times(w, loop.id)).toEqual(["12:30:00", "12:40:00", "12:50:00"]);
    expect(await times(w, cron.id)).toEqual(["12:30:00", "12:45:00", "13:00:00"]);
    expect((await w.get(cron.id)).status).toBe("fired");
  });

  it("start each slot up to the jitter later, always the same for a slot", async () => {
    const w = await world();
    const { id } = await w.create({ every: "5m", jitterMs: 2 * minute, maxRuns: 20 });
    await w.advance(2 * hour);
    const late = (await w.occurrences(id)).map(({ slot, startedAt }) => startedAt!.getTime() - slot.getTime());
    expect(late).toHaveLength(20);
    for (const ms of late) expect(ms >= 0 && ms <= 2 * minute).toBe(true);
    expect(new Set(late).size).toBeGreaterThan(10);
  });

  it("pause after failures in a row, and count anew after they are resumed", async () => {
    const w = await world();
    const { id } = await w.create({ every: "1m", targets: ["shell"], policy: { pauseAfterFailures: 3 } });
    await w.advance(10 * minute);
    expect(await w.get(id)).toMatchObject({ status: "paused", detail: "Paused after 3 failures in a row.", failureCount: 3, consecutiveFailures: 3, nextRun: undefined });
    expect(await w.told(id)).toEqual(Array<string>(3).fill("failed(is_shell)"));
    await w.call("resumeSchedule", { id });
    await w.advance(10 * minute);
    expect(await w.get(id)).toMatchObject({ status: "paused", failureCount: 6 });
  });

  it("that are retried stop before the next slot", async () => {
    const w = await world();
    const { id } = await w.create({ every: "5m", targets: ["shell"], maxRuns: 1, policy: { retryEveryMs: minute, retryWindowMs: hour } });
    const other = await w.create({ every: "5m", targets: ["shell"], maxRuns: 2, policy: { retryEveryMs: minute, retryWindowMs: hour } });
    await w.advance(10 * minute);
    expect((await w.occurrences(other.id))[0]).toMatchObject({ attempts: 5, status: "failed" });
    expect((await w.occurrences(id))[0]).toMatchObject({ status: "due" });
  });
});

describe("overlap", () => {
  const held = async (overlap: "skip" | "queue_one" | "allow") => {
    const w = await world();
    w.holding = true;
    const { id } = await w.create({ every: "1m", targets: ["hold"], maxRuns: 0, timeoutMs: 24 * hour, policy: { overlap } });
    await w.advance(3 * minute + 1000);
    const during = await w.told(id);
    await w.call("pauseSchedule", { id: "" }).catch(() => undefined);
    w.holding = false;
    w.node.release();
    await w.advance(1000);
    return { w, id, during, after: await w.told(id) };
  };

  it("skip leaves slots out, and says why", async () => {
    const { during, after } = await held("skip");
    expect(during).toEqual(["running", "skipped(overlap)", "skipped(overlap)"]);
    expect(after).toEqual(["delivered", "skipped(overlap)", "skipped(overlap)"]);
  });

  it("queue_one keeps one", async () => {
    const { during, after } = await held("queue_one");
    expect(during).toEqual(["running", "due", "skipped(overlap)"]);
    expect(after).toEqual(["delivered", "delivered", "skipped(overlap)"]);
  });

  it("allow runs all", async () => {
    const { during, after } = await held("allow");
    expect(during).toEqual(["running", "running", "running"]);
    expect(after).toEqual(["delivered", "delivered", "delivered"]);
  });

  it("a prompt that the agent holds in its queue counts as under way, and is told when it is taken", async () => {
    const w = await world();
    w.holding = true;
    const { id } = await w.create({ every: "1m", targets: ["queued"], onBusy: "queue", timeoutMs: 24 * hour });
    await w.advance(2 * minute + 1000);
    expect(await w.told(id)).toEqual(["queued", "skipped(overlap)"]);
    w.node.release();
    await w.advance(1000);
    expect(await w.told(id)).toEqual(["delivered", "skipped(overlap)"]);
  });
});

describe("what was missed", () => {
  const outage = async (policy: { catchUp: "none" | "last" | "all"; catchUpWindowMs?: number }) => {
    const w = await world();
    const { id } = await w.create({ every: "10m", policy });
    w.kill();
    w.clock.suspend(35 * minute);
    w.start();
    await w.advance(5000);
    return { w, told: await w.told(id), typed: w.node.typed.length };
  };

  it.each([
    [{ catchUp: "last" }, ["missed(superseded)", "missed(superseded)", "delivered"]],
    [{ catchUp: "last", catchUpWindowMs: minute }, ["missed(not_running)", "missed(not_running)", "missed(not_running)"]],
    [{ catchUp: "none" }, ["missed(not_running)", "missed(not_running)", "missed(not_running)"]],
    [{ catchUp: "all", catchUpWindowMs: hour }, ["delivered", "delivered", "delivered"]],
    [{ catchUp: "all", catchUpWindowMs: 20 * minute }, ["missed(superseded)", "delivered", "delivered"]],
  ] as const)("%j: three slots are %j", async (policy, wanted) => {
    const { told, typed } = await outage(policy);
    expect(told).toEqual(wanted);
    expect(typed).toBe(wanted.filter((word) => word === "delivered").length);
  });

  it("has a row for each slot, and beyond a thousand one row for the rest", async () => {
    const w = await world();
    const { id } = await w.create({ every: "1s", policy: { catchUp: "none" } });
    w.kill();
    w.clock.suspend(5000 * 1000);
    w.start();
    await w.settle();
    const rows = w.rows();
    expect(rows).toHaveLength(1001);
    const found = await w.occurrences(id);
    expect(found.at(0)!.until ?? rows[0]!.slot).toBeDefined();
  });
});

describe("the clock", () => {
  it("set forward: what it passed is caught up within a second, once", async () => {
    const w = await world();
    const { id } = await w.create({ every: "10m" });
    await w.advance(11 * minute);
    w.clock.setWall("2026-11-23T14:03:00Z");
    await w.advance(1000);
    const told = await w.told(id);
    expect(told.filter((word) => word === "delivered")).toHaveLength(2);
    expect(told.filter((word) => word === "missed(superseded)")).toHaveLength(10);
    await w.advance(6 * minute);
    expect(w.node.typed).toHaveLength(2);
  });

  it("set back: cron does not fire a slot twice, a loop goes on", async () => {
    const w = await world();
    const cron = await w.create({ cron: "*/10 * * * *" });
    const loop = await w.create({ every: "10m" });
    await w.advance(31 * minute);
    expect(w.node.typed).toHaveLength(6);
    w.clock.setWall("2026-11-23T12:05:00Z");
    await w.advance(1000);
    // 12:10 to 12:30 come a second time on the wall.
    await w.advance(26 * minute);
    expect(await times(w, cron.id)).toEqual(["12:10:00", "12:20:00", "12:30:00"]);
    expect((await times(w, loop.id)).slice(-2)).toEqual(["12:25:01", "12:30:00"]);
    await w.advance(10 * minute);
    expect(await times(w, cron.id)).toEqual(["12:10:00", "12:20:00", "12:30:00", "12:40:00"]);
  });

  it("set back a year: a loop goes on after one interval", async () => {
    const w = await world();
    const { id } = await w.create({ every: "10m" });
    w.clock.setWall("2025-11-23T12:00:00Z");
    await w.advance(11 * minute);
    expect(await w.told(id)).toEqual(["delivered"]);
  });

  it("set back while nothing ran: a loop goes on all the same", async () => {
    const w = await world();
    const { id } = await w.create({ every: "10m" });
    w.kill();
    w.clock.setWall("2026-11-20T12:00:00Z");
    w.start();
    await w.advance(11 * minute);
    expect(await w.told(id)).toEqual(["delivered"]);
  });

  it("eight hours of sleep: noticed within a second of waking, caught up once", async () => {
    const w = await world("2026-11-23T01:00:00Z");
    const cron = await w.create({ cron: "30 8 * * *", timeZone: "Europe/Bucharest" });
    const loop = await w.create({ every: "1h" });
    await w.advance(minute);
    w.clock.suspend(8 * hour);
    await w.advance(1000);
    expect(await w.told(cron.id)).toEqual(["delivered"]);
    expect(await w.told(loop.id)).toEqual([...Array<string>(7).fill("missed(superseded)"), "delivered"]);
    expect(w.node.typed).toHaveLength(2);
  });

  it("a run under way while the machine slept longer than its lease is not run twice", async () => {
    const w = await world();
    w.holding = true;
    const { id } = await w.create({ in: "1s", targets: ["hold"], timeoutMs: 24 * hour });
    await w.advance(2000);
    w.clock.suspend(8 * hour);
    await w.advance(5000);
    expect(await w.told(id)).toEqual(["running"]);
    w.node.release();
    await w.advance(1000);
    expect(await w.told(id)).toEqual(["delivered"]);
    expect(w.node.typed).toHaveLength(1);
  });
});

describe("a restart in the middle of a slot", () => {
  it("joins the delivery that is under way", async () => {
    const w = await world();
    w.holding = true;
    const { id } = await w.create({ in: "1s", targets: ["hold"], timeoutMs: 24 * hour });
    await w.advance(2000);
    w.kill();
    w.clock.suspend(5 * minute);
    w.start();
    await w.advance(1000);
    expect(await w.told(id)).toEqual(["running"]);
    w.node.release();
    await w.advance(1000);
    expect(await w.told(id)).toEqual(["delivered"]);
    expect(await w.get(id)).toMatchObject({ status: "fired" });
    expect(w.node.typed).toHaveLength(1);
  });
});

describe("people", () => {
  it("cancel what was not typed yet; what came of it is kept", async () => {
    const w = await world();
    w.holding = true;
    const { id } = await w.create({ every: "1m", targets: ["hold"], timeoutMs: 24 * hour, policy: { overlap: "queue_one" } });
    await w.advance(2 * minute + 1);
    expect(await w.told(id)).toEqual(["running", "due"]);
    await w.call("cancelSchedule", { id });
    await w.advance(10 * minute);
    expect(await w.told(id)).toEqual(["failed(cancelled)", "skipped(cancelled)"]);
    expect((await w.get(id)).status).toBe("cancelled");
    w.node.release();
    await w.advance(1000);
    expect(w.node.typed).toEqual([]);
    await expect(w.call("cancelSchedule", { id })).rejects.toMatchObject({ details: expect.stringContaining("nothing left to cancel") });
  });

  it("clear removes everything but the deliveries", async () => {
    const w = await world();
    const { id } = await w.create({ every: "1m", name: "gone" });
    await w.advance(minute);
    await w.call("deleteSchedule", { id: "gone" });
    expect(w.rows()).toEqual([]);
    await expect(w.get(id)).rejects.toMatchObject({ details: "No schedule has this id or name." });
    await w.advance(10 * minute);
    expect(w.node.typed).toHaveLength(1);
  });

  it("run now beside the slots; the same call again joins", async () => {
    const w = await world();
    const { id } = await w.create({ every: "1h", maxRuns: 1 });
    const slot = w.clock.now();
    await w.call("runNow", { id, slot, wait: false });
    await w.call("runNow", { id, slot, wait: false });
    await w.settle();
    expect(await w.occurrences(id)).toMatchObject([{ status: "delivered", manual: true }]);
    expect(await w.get(id)).toMatchObject({ status: "scheduled", runs: 0, nextRun: new Date("2026-11-23T13:00:00Z") });
    await w.advance(hour);
    expect(await w.get(id)).toMatchObject({ status: "fired", runs: 1 });
    expect(w.node.typed).toHaveLength(2);
  });

  it("ask for the same schedule twice and get one", async () => {
    const w = await world();
    const first = await w.create({ id: "0123456789ab", in: "1m" });
    const again = await w.create({ id: "0123456789ab", in: "1m" });
    expect(again).toMatchObject({ id: first.id, createdAt: first.createdAt });
    await w.advance(2 * minute);
    expect(w.node.typed).toHaveLength(1);
  });

  it("a name is taken while its schedule is open, and free afterwards", async () => {
    const w = await world();
    await w.create({ name: "nightly", in: "1m" });
    await expect(w.create({ name: "nightly", in: "2m" })).rejects.toMatchObject({ details: `Another schedule is named "nightly".` });
    await w.advance(2 * minute);
    await w.create({ name: "nightly", in: "2m" });
    expect(await w.get("nightly")).toMatchObject({ status: "scheduled" });
  });
});

describe("what is sent", () => {
  it("many targets: one delivery each, one occurrence", async () => {
    const w = await world();
    const { id } = await w.create({ in: "1s", targets: ["idle:0.0", "other:0.0", "shell:0.0"] });
    await w.advance(1000);
    expect(await w.occurrences(id)).toMatchObject([{ status: "due", reason: "is_shell", detail: "2 of 3 delivered. It is refused.", attempts: 1 }]);
    await w.advance(2 * hour);
    expect(await w.occurrences(id)).toMatchObject([{ status: "failed", attempts: 61, targets: [{ attempts: 1, status: "delivered" }, { attempts: 1 }, { attempts: 61, status: "refused" }] }]);
    expect(w.node.typed).toHaveLength(2);
  });

  it("a selector is resolved when the slot fires", async () => {
    const w = await world();
    const { id } = await w.create({ in: "1s", targets: [], select: { state: "idle" } });
    await w.advance(1000);
    expect(await w.occurrences(id)).toMatchObject([{ status: "delivered", targets: [{ target: { pane: "%1" }, status: "delivered" }] }]);
    const none = await w.create({ in: "1s", targets: [], select: { agent: "nobody" }, policy: { retryWindowMs: 0 } });
    await w.advance(1000);
    expect(await w.occurrences(none.id)).toMatchObject([{ status: "failed", reason: "not_found", detail: "No target was found." }]);
  });
});
