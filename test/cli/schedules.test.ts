import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();
const to = ["--to", "idle", "--prompt", "say hello", "--tz", "UTC"];
const json = async <T = Record<string, unknown>>(...args: string[]): Promise<T> => {
  const ran = await bed.dispatch([...args, "--json"]);
  if (ran.stdout === "") throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as T;
};

describe("what cannot be scheduled is a plain sentence", () => {
  it.each([
    [[...to], 2, "When? Give one of --at, --in, --cron and --every."],
    [[...to, "--in", "1m", "--every", "5m"], 2, "Only one of --at, --in, --cron and --every can be given, not --in and --every."],
    [[...to, "--cron", "0 0 31 2 *"], 2, `--cron: "0 0 31 2 *" cannot be used: its date never comes. Write minute, hour, day, month and weekday, such as "0 9 * * MON-FRI", or @daily.`],
    [[...to, "--cron", "61 * * * *"], 2, `--cron: "61 * * * *" cannot be used: "61" is no minute.`],
    [[...to, "--at", "2020-01-01T00:00:00Z"], 2, "is past, by"],
    [[...to, "--at", "2027-02-30 10:00"], 2, `--at: "2027-02-30 10:00" does not exist`],
    [[...to, "--at", "tomorrow"], 2, `--at: "tomorrow" is not a time`],
    [[...to, "--every", "1ms"], 2, "--every: 1ms is too short; the shortest is 1s."],
    [[...to, "--every", "1 month"], 2, "has months or years, which have no fixed length"],
    [["--to", "idle", "--prompt", "x", "--every", "5m", "--tz", "Mars/Base"], 2, `--tz: "Mars/Base" is no time zone; write an IANA name such as Europe/Bucharest or UTC.`],
    [["--prompt", "x", "--in", "5m"], 2, "--to: it is missing"],
    [["--to", "idle", "--in", "5m"], 2, "The prompt is empty."],
    [[...to, "--in", "5m", "--queue", "--when-idle"], 2, "only one of --if-idle, --queue, --when-idle and --force-active can be given."],
    [[...to, "--every", "5m", "--jitter", "5m"], 2, "--jitter: it must be shorter than the time between two runs."],
    [[...to, "--cron", "*/10 9 * * *", "--jitter", "10m"], 2, "--jitter: it must be shorter than the time between two runs."],
    [[...to, "--cron", "0 9 * * FRI#6"], 2, `--cron: "0 9 * * FRI#6" cannot be used: "FRI#6" is no weekday. Write minute`],
    [[...to, "--in", "5m", "--name", "a\u202eb"], 2, "without slashes, line ends, invisible characters or spaces around it."],
    [[...to, "--every", "5m", "--start", "2030-01-02", "--end", "2030-01-01"], 2, "--end: it is before --start."],
    [[...to, "--every", "5m", "--end", "2020-01-01"], 2, "--end: no run would come before it."],
    [[...to, "--in", "5m", "--max-runs", "3"], 2, "--max-runs: it is for schedules that come again; this one fires once."],
    [[...to, "--in", "5m", "--name", "0123456789ab"], 2, `--name: "0123456789ab" looks like an id.`],
    [[...to, "--every", "5m", "--overlap", "maybe"], 2, `--overlap: "maybe" is none of skip, queue_one, allow.`],
    [[...to, "--every", "5m", "--catch-up", "some"], 2, `--catch-up: "some" is none of none, last, all.`],
  ] as const)("schedule %j", async (args, code, sentence) => {
    const ran = await bed.dispatch(["schedule", ...args]);
    expect(ran.stderr).toContain(sentence);
    expect([ran.code, ran.stdout]).toEqual([code, ""]);
    expect(ran.stderr).not.toMatch(/\n\s+at /u);
  });

  it("loop without --every", async () => expect((await bed.dispatch(["loop", ...to])).stderr).toContain("--every: it is missing"));

  it("a name that is taken", async () => {
    await json("schedule", ...to, "--in", "1h", "--name", "taken");
    expect(await bed.dispatch(["loop", ...to, "--every", "1h", "--name", "taken"])).toMatchObject({ code: 10, stderr: expect.stringContaining(`Another schedule is named "taken".`) });
  });

  it.each(["pause", "resume", "cancel", "clear", "run-now", "occurrences", "show", "edit"])("%s of what is not there", async (verb) => {
    const ran = await bed.dispatch([verb, "nobody", ...(verb === "edit" ? ["--name", "x"] : [])]);
    expect(ran.code).toBe(8);
    expect(ran.stderr).toMatch(/No schedule has this id or name\.|No delivery and no schedule is known as "nobody"\./u);
  });

  it("a target that is not there yet is allowed, and warned of", async () => {
    const ran = await bed.dispatch(["schedule", "--to", "gone", "--prompt", "x", "--in", "1h"]);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/^dispatch: gone cannot be sent to now \(not_found: .*It is looked for again when the schedule fires\.\n$/u) });
  });
});

describe("the life of a schedule", () => {
  it("has the predecessor's fields", async () => {
    const made = await json("schedule", "--to", "idle,busy", "--prompt", "say hello", "--cron", "0 9 * * MON-FRI", "--tz", "Europe/Bucharest", "--name", "weekdays", "--queue");
    expect(made).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{12}$/u), kind: "schedule", name: "weekdays", cron: "0 9 * * MON-FRI", at: null, every: null, intervalMs: null, status: "scheduled", timeZone: "Europe/Bucharest",
      options: { target: "idle", machine: "local", prompt: "say hello", onBusy: "queue" }, targets: ["idle", "busy"], nextRun: expect.any(String), lastDispatchId: null, lastFiredAt: null,
      lastFailureAt: null, lastFailureReason: null, failureCount: 0, createdAt: expect.any(String), updatedAt: expect.any(String),
    });
    expect(made["nextSlots"]).toHaveLength(5);
    for (const slot of made["nextSlots"] as string[]) expect(slot).toMatch(/T0[67]:00:00\.000Z$/u);
    const [listed] = await json<Record<string, unknown>[]>("schedules");
    expect(listed).toMatchObject({ id: made["id"], promptPreview: "say hello" });
    expect(listed!["options"]).not.toHaveProperty("prompt");
  });

  it("a list that may not be all says so", async () => {
    await json("schedule", ...to, "--in", "1h");
    await json("schedule", ...to, "--in", "2h");
    expect(await bed.dispatch(["schedules", "--limit", "1"])).toMatchObject({ code: 0, stderr: "dispatch: The latest 1 are shown; there may be more. --limit shows up to 1000.\n" });
    expect((await bed.dispatch(["schedules"])).stderr).toBe("");
  });

  it("loops are schedules of their kind", async () => {
    const { id } = await json("loop", ...to, "--every", "1h30m", "--name", "round");
    expect(await json<object[]>("loops")).toMatchObject([{ id, kind: "loop", every: 5_400_000, intervalMs: 5_400_000 }]);
    expect((await bed.dispatch(["loops"])).stdout).toMatch(/round +every\(1h30m\) +.* +idle +say hello/u);
    expect((await json<{ kind: string }[]>("schedules", "--kind", "schedule")).every(({ kind }) => kind === "schedule")).toBe(true);
  });

  it("loop takes what schedule takes, in short and long", async () => {
    writeFileSync(join(bed.home, "goal.txt"), "from a file");
    const made = await json("loop", "-t", "idle", "-f", join(bed.home, "goal.txt"), "-m", "local", "--goal", "--every", "1h", "--force-active", "--name", "everything");
    expect(made).toMatchObject({ kind: "loop", name: "everything", options: { onBusy: "force", command: true, prompt: "/goal from a file" }, targets: ["local/idle"] });
    for (const [flag, onBusy] of [["--if-idle", "refuse"], ["--queue", "queue"]] as const) expect(await json("loop", ...to, "--every", "1h", flag)).toMatchObject({ options: { onBusy } });
    expect(await json<object[]>("loops", "-s", "paused", "-n", "5")).toEqual([]);
    expect(await json("schedule", "-t", "idle", "-p", "x", "--at", "2199-01-01T00:00:00Z")).toMatchObject({ kind: "schedule", at: "2199-01-01T00:00:00.000Z" });
    expect(await json("schedule", "-t", "idle", "-p", "x", "--in", "1h")).toMatchObject({ kind: "schedule", every: null, cron: null });
  });

  it("pause, resume, edit, run-now, occurrences, cancel and clear", async () => {
    const { id } = await json("loop", ...to, "--every", "1h", "--name", "life");
    expect(await json("pause", "life")).toMatchObject({ id, status: "paused", nextRun: null });
    expect(await bed.dispatch(["pause", "life"])).toMatchObject({ code: 1, stderr: expect.stringContaining("The schedule is paused; only a scheduled one can be paused.") });
    expect(await json("resume", "life")).toMatchObject({ status: "scheduled", nextRun: expect.any(String) });
    expect(await json("edit", "life", "--every", "2h", "--prompt", "other words", "--max-runs", "7")).toMatchObject({ every: 7_200_000, maxRuns: 7, promptPreview: "other words", options: { prompt: "other words" } });
    expect(await bed.dispatch(["edit", "life"])).toMatchObject({ code: 2, stderr: expect.stringContaining("name what is to be different") });
    expect(await json("run-now", "life")).toMatchObject({ scheduleId: id, status: "delivered", manual: true, targets: [{ target: "idle", status: "delivered" }] });
    expect((await bed.dispatch(["occurrences", "life"])).stdout).toMatch(/^SLOT +STATUS .*\n\S+ +✓ delivered \(by hand\) +1 /u);
    expect((await bed.dispatch(["show", "life"])).stdout).toMatch(/next: (\S+ \S+, ){4}\S+ \S+\n/u);
    expect(await json("cancel", "life")).toMatchObject({ cancelled: true, id, status: "cancelled" });
    expect(await json<object[]>("occurrences", id as string)).toHaveLength(1);
    expect(await json("clear", "life")).toMatchObject({ cleared: true });
    expect((await bed.dispatch(["show", "life"])).code).toBe(8);
  });

  it("a run by hand that is refused ends with 1, and says why", async () => {
    await json("loop", "--to", "shell", "--prompt", "x", "--every", "1h", "--name", "refused");
    expect(await bed.dispatch(["run-now", "refused"])).toMatchObject({ code: 1, stdout: expect.stringContaining("is_shell") });
    const doctor = await bed.dispatch(["daemon", "doctor", "--json"]);
    expect(doctor.code).toBe(1);
    expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: false, status: { health: "alive", recentFailures: [{ name: "refused", failureCount: 1, lastFailureReason: expect.stringContaining("is_shell") }] } });
    await bed.dispatch(["clear", "refused"]);
    expect(JSON.parse((await bed.dispatch(["daemon", "doctor", "--json"])).stdout)).toMatchObject({ ok: true, findings: [] });
  });
});

describe("the background process", () => {
  it("start, status, restart and stop; schedules outlive it", async () => {
    const own = testBed();
    const tell = async (...args: string[]) => JSON.parse((await own.dispatch([...args, "--json"])).stdout) as Record<string, unknown>;
    expect(await tell("daemon", "status")).toMatchObject({ running: false, health: "dead", pid: null });
    expect(await own.dispatch(["daemon", "doctor"])).toMatchObject({ code: 1, stdout: expect.stringContaining("does not run") });
    expect(await tell("daemon", "start")).toMatchObject({ ok: true, started: true, alreadyRunning: false, before: { running: false }, after: { running: true } });
    for (const verb of ["start", "ensure"]) expect(await tell("daemon", verb)).toMatchObject({ ok: true, started: false, alreadyRunning: true });
    await own.dispatch(["loop", "--to", "idle", "--prompt", "x", "--every", "1h", "--name", "stays"]);
    expect(await tell("daemon", "status")).toMatchObject({
      running: true, health: "alive", stale: false, scheduled: 1, paused: 0, fired: 0, cancelled: 0, failed: 0, recentDispatches: 0, lastTickAt: expect.any(String), nextDue: { name: "stays", kind: "loop", target: "idle", nextRun: expect.any(String) },
      heartbeatStaleMs: 30_000, recentFailures: [], logPath: expect.stringContaining("daemon.log"), pidPath: expect.any(String), statePath: expect.any(String),
    });
    const { pid } = await tell("daemon", "status");
    expect(await tell("daemon", "restart")).toMatchObject({ ok: true, stopped: true, started: true });
    expect((await tell("daemon", "status"))["pid"]).not.toBe(pid);
    expect(await own.dispatch(["daemon", "run"])).toMatchObject({ code: 9, stderr: expect.stringContaining("already running") });
    expect(await tell("show", "stays")).toMatchObject({ status: "scheduled" });
    expect(await tell("daemon", "stop")).toMatchObject({ stopped: true, wasRunning: true, forced: false });
    expect(await tell("daemon", "stop")).toMatchObject({ stopped: false, wasRunning: false });
  });

  it("run stays in the foreground until it is asked to end", async () => {
    const own = testBed();
    const running = own.start(["daemon", "run"]);
    await running.printed(/coordinator is listening/u);
    expect(JSON.parse((await own.dispatch(["daemon", "status", "--json"])).stdout)).toMatchObject({ running: true });
    expect(await own.dispatch(["daemon", "run"])).toMatchObject({ code: 9, stderr: expect.stringMatching(/already running \(pid \d+\)\.\n {2}Look at it with `dispatch daemon status`/u) });
    // Of two that start at once, one comes so far.
    expect(await own.start([own.dataDir], { program: "embedded" }).ended).toMatchObject({ code: 9, stderr: `dispatch: A node is running already for ${own.dataDir}.\n` });
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
  });

  it("service: an unknown action names the known ones", async () => {
    expect(await bed.dispatch(["daemon", "service", "instal"])).toMatchObject({ code: 2, stderr: expect.stringContaining("install, start, stop, restart, status, uninstall") });
  });
});
