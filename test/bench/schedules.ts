// `npm run bench:schedules [-- --schedules N --due N]`: the scheduler over a large store: start, claims, memory, a burst in one second, the delay of a due slot.
import Database from "better-sqlite3";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { once, setMaxListeners } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCoordinator } from "../../coordinator/main.js";
import { SqliteScheduleStore } from "../../coordinator/store/sqlite-schedule-store.js";
import { defaultConfig } from "../../core/config/config.js";
import { defaultConcurrency } from "../../core/domain/bulk.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import type { ScheduleSpec } from "../../core/domain/schedule.js";
import { silentLog } from "../../core/log.js";
import { newSchedule } from "../../core/schedule/new-schedule.js";
import { scheduleBody, scheduleFields, scheduleValues } from "../../coordinator/store/schedule-rows.js";
import { DispatchClient } from "../../sdk/index.js";
import { budgetLine, percentile } from "./statistics.js";

const { values } = parseArgs({ options: { schedules: { type: "string", default: "1000000" }, due: { type: "string", default: "1000" }, delays: { type: "string", default: "200" } } });
const total = Number(values.schedules);
const burst = Number(values.due);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
setMaxListeners(0);

const folder = mkdtempSync(join(tmpdir(), "bench-schedules-"));

function spec(change: Partial<ScheduleSpec> = {}): ScheduleSpec {
  return {
    name: "", targets: [{ machine: "", server: "", pane: "idle:0.0" }], limits: { maxConcurrency: defaultConcurrency, perMachine: defaultConcurrency, jitterMs: 0 }, prompt: "How far are you with the tests?",
    options: deliveryOptions(), timing: { type: "every", everyMs: 86_400_000 }, timeZone: "UTC", jitterMs: 0, maxRuns: 0,
    policy: { overlap: "skip", catchUp: "last", retryEveryMs: 60_000, pauseAfterFailures: 0 }, ...change,
  };
}

const day = 86_400_000;
const zones = ["UTC", "Europe/Bucharest", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"] as const;

/** One-shots, loops and cron schedules in turn, in several zones; `later` is when they are next due, give or take. */
function timed(index: number, later: number): Partial<ScheduleSpec> {
  const timeZone = zones[index % zones.length] ?? "UTC";
  const { [index % 3]: timing } = [
    { type: "every", everyMs: day + index }, { type: "at", at: new Date(later + index) }, { type: "cron", cron: `${index % 60} ${index % 24} 1 1 *` },
  ] as const;
  return timing ? { timing, timeZone } : {};
}

/** A store with so many schedules, none of them due for a day. */
function fill(dataDir: string, count: number): number {
  const path = join(dataDir, "coordinator.db");
  new SqliteScheduleStore(path).close();
  const database = new Database(path);
  database.pragma("synchronous = OFF");
  const insert = database.prepare(`INSERT INTO schedules (${scheduleFields.join(", ")}, body) VALUES (${scheduleFields.map(() => "?, ").join("")}?)`);
  const now = Date.now();
  database.transaction(() => {
    for (let index = 0; index < count; index++) {
      const schedule = newSchedule(index.toString(16).padStart(12, "0"), spec(timed(index, now + day)), new Date(now));
      insert.run(...scheduleValues(schedule), scheduleBody(schedule));
    }
  })();
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
  return statSync(path).size;
}

/** A cron schedule that is due at that minute, in that zone. */
function daily(minute: Date, timeZone: string): Partial<ScheduleSpec> {
  const hour = new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", hour: "numeric" }).format(minute);
  const [, wallMinute] = new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", hour: "numeric", minute: "numeric" }).format(minute).split(":");
  return { timing: { type: "cron", cron: `${Number(wallMinute)} ${Number(hour)} * * *` }, timeZone };
}

/** p95 of claims of 50 due slots each, straight on the store: one-shots, loops and cron schedules in several zones. */
function claims(dataDir: string): number {
  const store = new SqliteScheduleStore(join(dataDir, "coordinator.db"));
  const now = new Date(Math.ceil(Date.now() / 60_000) * 60_000);
  const made = new Date(now.getTime() - 1_000);
  const due: readonly Partial<ScheduleSpec>[] = [{ timing: { type: "at", at: now } }, { timing: { type: "every", everyMs: 1_000 } }, { timing: { type: "cron", cron: "* * * * *" } }, ...zones.map((zone) => daily(now, zone))];
  const took: number[] = [];
  for (let round = 0; round < 60; round++) {
    for (let index = 0; index < 50; index++) store.create(newSchedule(`c${round.toString(16).padStart(5, "0")}${index.toString(16).padStart(6, "0")}`, spec(due[index % due.length]), made));
    const began = performance.now();
    const claimed = store.claimDue({ now: new Date(now.getTime() + 1), owner: "bench", leaseUntil: new Date(now.getTime() + 60_000), limit: 50 });
    took.push(performance.now() - began);
    if (claimed.length !== 50) throw new Error(`claimed ${claimed.length}`);
    for (const { occurrence } of claimed) store.remove(occurrence.scheduleId);
  }
  store.close();
  return percentile(took, 95);
}

async function measure(count: number): Promise<{ startMs: number; claimMs: number; rssMb: number; spanMs: number; acceptedMs: number; inOrder: boolean; delayP50: number; delayP99: number; bytes: number }> {
  const dataDir = mkdtempSync(join(folder, "state-"));
  const bytes = fill(dataDir, count);
  const claimMs = claims(dataDir);
  const config = { ...defaultConfig({ HOME: folder }), dataDir, machine: "here" };
  const node = spawn(process.execPath, ["test/testkit/run-ts.mjs", "test/bench/scripted-node-process.ts", dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  await once(node.stdout, "data");
  const alone = spawnSync(process.execPath, ["test/testkit/run-ts.mjs", "test/bench/coordinator-process.ts", dataDir], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const { startMs, rssMb } = JSON.parse(alone.stdout) as { startMs: number; rssMb: number };
  const coordinator = await startCoordinator(config, silentLog);
  const client = await DispatchClient.connect({ address: coordinator.address });
  const delays: number[] = [];
  const creations: number[] = [];
  for (let index = 0; index < Number(values.delays); index++) {
    const asked = performance.now();
    const { schedule } = await client.schedules.create({ targets: ["idle:0.0"], prompt: "now", timeZone: "UTC", in: 40 + (index % 17) });
    creations.push(performance.now() - asked);
    for (;;) {
      await sleep(30);
      const [one] = await client.schedules.occurrences(schedule.id, { limit: 1 });
      if (one?.status !== "delivered") continue;
      delays.push((one.startedAt?.getTime() ?? Number.NaN) - one.slot.getTime());
      break;
    }
  }
  // All due in one second, a millisecond apart; made well before.
  const second = Math.ceil((Date.now() + burst * Math.max(25, percentile(creations, 95)) + 3_000) / 1000) * 1000;
  const ids: string[] = [];
  for (let index = 0; index < burst; index++) {
    const { schedule } = await client.schedules.create({ targets: [`idle:0.${index}`], prompt: "now", timeZone: "UTC", at: new Date(second + Math.floor((index * 7919) % burst) * (999 / burst)) });
    ids.push(schedule.id);
  }
  if (Date.now() > second) throw new Error("the burst was not ready in time");
  await sleep(second + 6_000 - Date.now());
  const starts: { slot: number; accepted: number; started: number }[] = [];
  for (const id of ids) {
    const [one] = await client.schedules.occurrences(id, { limit: 1 });
    const accepted = (await client.get(one?.targets[0]?.deliveryId ?? "")).steps[0]?.at.getTime() ?? Number.NaN;
    starts.push({ slot: one?.slot.getTime() ?? Number.NaN, started: one?.startedAt?.getTime() ?? Number.NaN, accepted });
  }
  const bySlot = starts.toSorted((a, b) => a.slot - b.slot);
  // Of two that are due at the same millisecond either may come first.
  const inOrder = bySlot.every(({ slot, started }) => bySlot.every((other) => other.slot >= slot || other.started <= started));
  const late = starts.map(({ slot, started }) => started - slot);
  const acceptedLate = starts.map(({ slot, accepted }) => accepted - slot);
  client.close();
  await coordinator.close();
  node.kill();
  await once(node, "close");
  rmSync(dataDir, { recursive: true, force: true });
  return { startMs, claimMs, rssMb, spanMs: Math.max(...late), acceptedMs: Math.max(...acceptedLate), inOrder, delayP50: percentile(delays, 50), delayP99: percentile(delays, 99), bytes };
}

try {
  const small = await measure(1_000);
  const large = await measure(total);
  for (const [count, m] of [[1_000, small], [total, large]] as const) {
    say(`${String(count).padStart(9)} schedules, ${(m.bytes / 1024 / 1024).toFixed(0)} MB: start ${m.startMs.toFixed(0)} ms, claim of 50 due p95 ${m.claimMs.toFixed(1)} ms, memory once started ${m.rssMb.toFixed(0)} MB, start delay p50 ${m.delayP50.toFixed(0)} p99 ${m.delayP99.toFixed(0)} ms, ${burst} due in one second: latest start ${m.spanMs.toFixed(0)} ms late, latest accepted by the node ${m.acceptedMs.toFixed(0)} ms late, ${m.inOrder ? "in order" : "NOT IN ORDER"}`);
  }
  say("");
  say(budgetLine(`start with ${total} schedules`, large.startMs, 2_000, "ms"));
  say(budgetLine("claim of what is due, p95", large.claimMs, 20, "ms"));
  say(budgetLine(`${burst} due in one second: the latest start after its time`, large.spanMs, 1_000, "ms"));
  say(budgetLine("start delay of a due slot when idle, p99", large.delayP99, 50, "ms"));
  say(budgetLine("memory once started, large store less small", large.rssMb - small.rssMb, 30, "MB"));
  if (!small.inOrder || !large.inOrder) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
