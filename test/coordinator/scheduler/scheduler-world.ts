import Database from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Coordinator } from "../../../coordinator/coordinator.js";
import { DeliveryFeed } from "../../../coordinator/deliveries/delivery-feed.js";
import { DeliveryRunner } from "../../../coordinator/deliveries/delivery-runner.js";
import type { NodeClient } from "../../../coordinator/nodes/node-client.js";
import { Scheduler } from "../../../coordinator/scheduler/scheduler.js";
import type { Waker } from "../../../coordinator/scheduler/waker.js";
import { coordinatorService } from "../../../coordinator/service/coordinator-service.js";
import type { DeliveryStore } from "../../../coordinator/store/delivery-store.js";
import type { ScheduleStore } from "../../../coordinator/store/schedule-store.js";
import { SqliteDeliveryStore } from "../../../coordinator/store/sqlite-delivery-store.js";
import { SqliteScheduleStore } from "../../../coordinator/store/sqlite-schedule-store.js";
import type { Occurrence, Schedule } from "../../../core/domain/schedule.js";
import { FairSlots } from "../../../coordinator/fanout/fair-slots.js";
import { localDirectory } from "../local-directory.js";
import { ownersGate } from "../../../core/transport/owners-gate.js";
import { silentLog } from "../../../core/log.js";
import { occurrenceFromWire, scheduleFromWire, scheduleSpecToWire } from "../../../core/wire/schedule.js";
import { scheduleSpec, type ScheduleRequest } from "../../../sdk/schedules.js";
import { FakeClock } from "../../testkit/fake-clock.js";
import { ScriptedNode } from "../../testkit/scripted-node/scripted-node.js";

/** The coordinator's process, from its start to its end. */
interface Life {
  readonly scheduler: Scheduler;
  readonly runner: DeliveryRunner;
  readonly service: Record<string, (request: unknown) => Promise<unknown>>;
  dead: boolean;
  readonly close: () => void;
}

export class Killed extends Error {}

/** A scheduler with real stores on a fake clock, in front of a scripted node that outlives it. */
export class SchedulerWorld {
  readonly clock: FakeClock;
  readonly node = new ScriptedNode({ machine: "here" });
  readonly #path: string;
  readonly #reader: Database.Database;
  /** Calls of the stores until the process dies; undefined for never. */
  #callsLeft: number | undefined;
  #life: Life | undefined;

  constructor(start: Date | string, options: { onFinish?: (clean: () => void) => void } = {}) {
    this.clock = new FakeClock(start);
    const folder = mkdtempSync(join(tmpdir(), "dispatch-scheduler-"));
    this.#path = join(folder, "coordinator.db");
    new SqliteScheduleStore(this.#path).close();
    this.#reader = new Database(this.#path, { readonly: true });
    (options.onFinish ?? onTestFinished)(() => {
      this.kill();
      this.#reader.close();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** Starts the coordinator's process. */
  start(): void {
    this.kill();
    const life = { dead: false };
    const store = this.#mortal<DeliveryStore>(new SqliteDeliveryStore(this.#path), life);
    const schedules = this.#mortal<ScheduleStore>(new SqliteScheduleStore(this.#path), life);
    const { clock } = this;
    const log = silentLog;
    const nodes = localDirectory(this.#nodeClient());
    const feed = new DeliveryFeed(store);
    const runner = new DeliveryRunner({ store, feed, nodes, slots: new FairSlots({ total: 1_000, perMachine: 1_000 }), clock, log });
    const scheduler = new Scheduler({ schedules, clock, waker: this.#waker(), log, owner: "test" });
    const coordinator: Coordinator = { store, feed, runner, nodes, schedules, scheduler, enrolment: undefined as never, audit: undefined as never, grants: [], networkAddress: () => undefined, tailnetFailure: () => "", clock, log, maxPromptBytes: 1_000_000, startedAt: clock.now() };
    const handlers = coordinatorService(coordinator, ownersGate(log)) as unknown as Record<string, (call: unknown, respond: (error: unknown, value: unknown) => void) => void>;
    const call = (name: string) => (request: unknown): Promise<unknown> => new Promise((resolve, reject) => {
      const fake = { request, on: () => fake, getDeadline: () => Number.POSITIVE_INFINITY, getPath: () => name };
      handlers[name]?.(fake, (error, value) => (error ? reject(error) : resolve(value)));
    });
    const names = ["createSchedule", "getSchedule", "pauseSchedule", "resumeSchedule", "cancelSchedule", "deleteSchedule", "runNow", "listOccurrences", "listSchedules", "updateSchedule"];
    this.#life = Object.assign(life, {
      scheduler, runner, service: Object.fromEntries(names.map((name) => [name, call(name)])),
      close: () => {
        for (const mortal of [store, schedules]) (mortal as unknown as { really: { close(): void } }).really.close();
      },
    });
    try {
      runner.resume();
      scheduler.start(coordinator);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }

  /** kill -9: nothing of it runs any more, and nothing is tidied up. */
  kill(): void {
    const life = this.#life;
    this.#life = undefined;
    if (!life) return;
    life.dead = true;
    this.#callsLeft = undefined;
    void life.scheduler.close().catch(() => undefined);
    void life.runner.close().catch(() => undefined);
    this.clock.forgetTimers();
    life.close();
  }

  /** The process dies within the n-th call of its stores from now: before it, or after it. */
  killAfterCalls(calls: number): void {
    this.#callsLeft = calls;
  }

  get alive(): boolean {
    return this.#life !== undefined && !this.#life.dead;
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, () => this.settle());
    if (this.#life?.dead) this.kill();
  }

  /** Until nothing is under way that the node would not hold. */
  async settle(): Promise<void> {
    for (let still = 0, rounds = 0; still < 3 && rounds < 3_000; rounds++) {
      await new Promise((resolve) => void setImmediate(resolve));
      still = this.#underWay() === 0 || !this.alive ? still + 1 : 0;
      if (rounds > 30 && this.holding) break;
    }
  }

  /** A test holds deliveries on purpose: they are not waited for. */
  holding = false;

  async create(request: Partial<ScheduleRequest> & { id?: string }, { catchUp = false } = {}): Promise<Schedule> {
    const { id = "", ...rest } = request;
    const spec = scheduleSpec({ prompt: "hello", timeZone: "UTC", targets: ["idle"], ...rest }, { now: this.clock.now(), toAddress: (target) => (typeof target === "string" ? { machine: "", server: "", pane: target } : target) });
    const { schedule } = (await this.call("createSchedule", { id, spec: scheduleSpecToWire(spec), catchUp })) as { schedule: Parameters<typeof scheduleFromWire>[0] };
    await this.settle();
    return scheduleFromWire(schedule);
  }

  async get(id: string): Promise<Schedule> {
    return scheduleFromWire(((await this.call("getSchedule", { id })) as { schedule: Parameters<typeof scheduleFromWire>[0] }).schedule);
  }

  async occurrences(id: string): Promise<Occurrence[]> {
    const { occurrences } = (await this.call("listOccurrences", { id, status: "OCCURRENCE_STATUS_UNSPECIFIED", limit: 1000 })) as { occurrences: Parameters<typeof occurrenceFromWire>[0][] };
    return occurrences.map(occurrenceFromWire).reverse();
  }

  /** `status` or `status(reason)` of each slot, oldest first. */
  async told(id: string): Promise<string[]> {
    return (await this.occurrences(id)).map(({ status, reason }) => (reason ? `${status}(${reason})` : status));
  }

  call(name: string, request: unknown): Promise<unknown> {
    return this.#life?.service[name]?.(request) ?? Promise.reject(new Error("it does not run"));
  }

  status() {
    return this.#life?.scheduler.status();
  }

  /** Rows as they are on disk. */
  rows(): { schedule_id: string; slot: number; status: string }[] {
    return this.#reader.prepare("SELECT schedule_id, slot, status FROM occurrences ORDER BY schedule_id, slot").all() as { schedule_id: string; slot: number; status: string }[];
  }

  /** Keys of the prompts that were typed, in order. */
  async typedKeys(): Promise<string[]> {
    return Promise.all(this.node.typed.map(async (id) => (await this.node.getDelivery(id)).key));
  }

  #underWay(): number {
    return (this.#reader.prepare("SELECT count(*) AS n FROM occurrences WHERE status IN ('claimed', 'running')").get() as { n: number }).n;
  }

  #waker(): Waker {
    let cancel = (): unknown => undefined;
    return {
      wakeAt: (at, action) => {
        cancel();
        cancel = this.clock.after(at.getTime() - this.clock.now().getTime(), action);
      },
      cancel: () => void cancel(),
    };
  }

  #nodeClient(): NodeClient {
    const { node } = this;
    const client: Partial<NodeClient> = {
      machine: "here", address: "here", ready: () => Promise.resolve(), close: () => undefined,
      describe: () => node.describe(), listTargets: (server) => node.listTargets(server), detect: (target) => node.detect(target),
      deliver: (request, { signal }) => node.deliver(request, signal ?? new AbortController().signal),
      follow: (id, { signal }) => node.follow(id, signal ?? new AbortController().signal),
      getDelivery: (id) => node.getDelivery(id), cancel: (id) => node.cancel(id),
    };
    return client as NodeClient;
  }

  /** A store whose process may die in any of its calls; a dead process calls nothing. */
  #mortal<Store extends object>(really: Store, life: { dead: boolean }): Store {
    return new Proxy(really, {
      get: (target, property) => {
        if (property === "really") return really;
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        return (...words: unknown[]): unknown => {
          if (life.dead) throw new Killed();
          const last = this.#callsLeft !== undefined && --this.#callsLeft <= 0;
          const before = last && words.length % 2 === 1;
          if (!before) {
            const result: unknown = value.apply(target, words);
            if (!last) return result;
          }
          life.dead = true;
          throw new Killed();
        };
      },
    });
  }
}
