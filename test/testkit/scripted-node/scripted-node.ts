import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AsyncQueue } from "../../../core/async/async-queue.js";
import type { Captured } from "../../../core/domain/captured.js";
import type { Delivery, DeliveryStatus, DeliveryStep, DeliveryUpdate } from "../../../core/domain/delivery.js";
import { hasEnded, isEnough, statusOf } from "../../../core/domain/delivery-progress.js";
import type { DetectedTarget } from "../../../core/domain/detection.js";
import type { Conversation } from "../../../core/domain/conversation.js";
import { newDelivery } from "../../../core/domain/new-delivery.js";
import { deliveryOptions } from "../../../core/domain/delivery-options.js";
import type { ExecRequest } from "../../../core/domain/exec.js";
import type { Finding } from "../../../core/domain/finding.js";
import type { NodeDescription } from "../../../core/domain/node-description.js";
import type { TargetAddress } from "../../../core/domain/target.js";
import type { WatchEvent } from "../../../core/domain/watch-event.js";
import { DispatchError } from "../../../core/errors/dispatch-error.js";
import type { Reason } from "../../../core/errors/reasons.js";
import { parse, stringify } from "../../../core/store/json-codec.js";
import type { DeliverRequest, Node } from "../../../node-agent/node.js";

interface Entry {
  delivery: Delivery;
  address: TargetAddress;
  body: string;
  typed: boolean;
}

/**
 * A node without panes: the session that a target names says what happens.
 *   idle, unicode…   delivered          busy, shell, …   refused with that reason        hold   waits for `release`, then delivers
 *   queued           queued, delivered after `release`                                   never  submitted, then no proof
 *   broken           an error of ours   dies             the process kills itself as soon as the text is typed; its next life goes on
 * Its journal is a file, so that it outlives the process, and counts each text that was typed.
 */
export class ScriptedNode implements Node {
  readonly machine: string;
  readonly #journal: string | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Map<string, Set<AsyncQueue<DeliveryUpdate>>>();
  readonly #releases = new Set<() => void>();
  #released = false;
  readonly #started = new Date();
  readonly typed: string[] = [];

  constructor(options: { machine?: string; journal?: string } = {}) {
    this.machine = options.machine ?? "here";
    this.#journal = options.journal;
    if (this.#journal && existsSync(this.#journal)) {
      for (const [id, entry] of parse<[string, Entry][]>(readFileSync(this.#journal, "utf8"))) this.#entries.set(id, entry);
    }
    for (const entry of this.#entries.values()) {
      if (!hasEnded(entry.delivery.status)) void this.#run(entry);
    }
    if (this.#journal) this.#watchForRelease(dirname(this.#journal));
  }

  release(): void {
    this.#released = true;
    for (const go of this.#releases) go();
    this.#releases.clear();
  }

  /** Proof of a prompt comes after all, as a node finds it when it is asked. */
  prove(idOrKey: string): void {
    this.#step(this.#known(idOrKey), "delivered");
  }

  describe(): Promise<NodeDescription> {
    return Promise.resolve({
      machine: this.machine, version: "0.0.0-test", pid: process.pid, startedAt: this.#started, tmuxVersion: "3.3a",
      aliases: [], contract: "v1", agentKinds: ["claude"], servers: ["/tmp/tmux-0/default"], platform: process.platform, home: "/home/test",
    });
  }

  listTargets(server: string): Promise<DetectedTarget[]> {
    return Promise.resolve(["idle", "busy"].map((pane) => this.#target({ machine: this.machine, server, pane: `${pane}:0.0` })));
  }

  detect(address: TargetAddress): Promise<DetectedTarget> {
    if (sessionOf(address) === "gone") return Promise.reject(new DispatchError("not_found", undefined, { metadata: { field: "target", value: address.pane } }));
    if (sessionOf(address) === "broken") return Promise.reject(new Error("a secret of the inside"));
    return Promise.resolve(this.#target(address));
  }

  async *deliver(request: DeliverRequest, signal: AbortSignal): AsyncGenerator<DeliveryUpdate> {
    if (sessionOf(request.address) === "broken") throw new Error("a secret of the inside");
    const body = JSON.stringify([request.address, request.prompt]);
    const known = this.#find(request.key);
    if (known && known.body !== body) throw new DispatchError("key_conflict");
    const entry = known ?? this.#claim(request, body);
    if (!known) void this.#run(entry);
    yield* this.#follow(entry, (step, status) => isEnough(entry.delivery.options, step, status), signal);
  }

  async *follow(idOrKey: string, signal: AbortSignal): AsyncGenerator<DeliveryUpdate> {
    yield* this.#follow(this.#known(idOrKey), (_step, status) => hasEnded(status), signal);
  }

  cancel(idOrKey: string): Promise<{ delivery: Delivery; cancelled: boolean }> {
    const entry = this.#known(idOrKey);
    const cancelled = !entry.typed && !hasEnded(entry.delivery.status);
    if (cancelled) this.#step(entry, "cancelled", { reason: "cancelled" });
    return Promise.resolve({ delivery: entry.delivery, cancelled });
  }

  capture(address: TargetAddress, lines: number): Promise<Captured> {
    const text = Array.from({ length: lines }, (_, index) => `line ${index + 1}`).join("\n");
    return Promise.resolve({ ...this.#target(address), text, lines, capturedAt: new Date(), redactions: 0 });
  }

  /** Runs nothing; says that every command is allowed. */
  async *exec({ deliveryId, address, command }: ExecRequest): AsyncGenerator<DeliveryUpdate> {
    const exec = { commandHash: "0123456789abcdef", allowed: true, code: "allowed_builtin", rule: command, sentence: "", interrupt: false, pasteText: "", output: "" };
    const delivery: Delivery = { ...this.#oneShot(deliveryId, address), kind: "exec", status: "delivered", exec };
    yield { deliveryId, sequence: 1, step: "accepted", at: new Date(), detail: "", reason: "" };
    yield { deliveryId, sequence: 2, step: "finished", at: new Date(), detail: "", reason: "", delivery };
  }

  pressKey({ deliveryId, address, keyName }: { deliveryId: string; address: TargetAddress; keyName: string }): Promise<Delivery> {
    return Promise.resolve({ ...this.#oneShot(deliveryId, address), kind: "key", status: "delivered", keyName });
  }

  #oneShot(id: string, address: TargetAddress): Delivery {
    return newDelivery({ id, key: id, machine: this.machine, requestedTarget: address.pane, kind: "prompt", text: "", options: deliveryOptions(), now: new Date() });
  }

  async *followCapture(_address: TargetAddress, lines: number): AsyncGenerator<{ text: string; gone: boolean }> {
    yield { text: "line\n".repeat(lines), gone: false };
    yield { text: "", gone: true };
  }

  readConversation(address: TargetAddress): Promise<Conversation> {
    return Promise.resolve({ target: this.#target(address).target, messages: [{ speaker: "user", text: "hello", at: new Date(0) }, { speaker: "agent", text: "hi" }], sessionId: "s", redactions: 0 });
  }

  listSessions(query: string): Promise<TargetAddress[]> {
    return Promise.resolve([{ machine: "", server: "", pane: query || "idle" }]);
  }

  async *watch(address: TargetAddress | undefined, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    yield { ...this.#target(address ?? { machine: "", server: "", pane: "idle" }), gone: false };
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
      this.#releases.add(resolve);
    });
    if (!signal.aborted) yield { ...this.#target(address ?? { machine: "", server: "", pane: "idle" }), gone: true };
  }

  async getDelivery(idOrKey: string): Promise<Delivery> {
    return this.#known(idOrKey).delivery;
  }

  listDeliveries({ status, limit }: { status?: DeliveryStatus | undefined; limit: number }): Promise<Delivery[]> {
    const all = [...this.#entries.values()].map(({ delivery }) => delivery).reverse();
    return Promise.resolve(all.filter((delivery) => !status || delivery.status === status).slice(0, limit));
  }

  doctor(): Promise<Finding[]> {
    return Promise.resolve([{ severity: "ok", subject: "tmux", detail: "tmux 3.3a", hint: "" }]);
  }

  close(): Promise<void> {
    for (const listeners of this.#listeners.values()) for (const queue of listeners) queue.end();
    return Promise.resolve();
  }

  #claim(request: DeliverRequest, body: string): Entry {
    const now = new Date();
    const entry: Entry = {
      body, address: request.address, typed: false,
      delivery: newDelivery({
        id: request.deliveryId, key: request.key, machine: this.machine, requestedTarget: request.address.pane, kind: "prompt", text: request.prompt, options: request.options, now,
      }),
    };
    this.#entries.set(entry.delivery.id, entry);
    return entry;
  }

  async #run(entry: Entry): Promise<void> {
    const session = sessionOf(entry.address);
    if (entry.delivery.steps.length === 0) this.#step(entry, "accepted");
    if (entry.delivery.options.dryRun) return this.#end(entry, "waiting", { status: "dry_run" });
    if (session in refusals) return this.#step(entry, "refused", { reason: refusals[session] as Reason });
    if (session === "hold") {
      this.#step(entry, "waiting");
      await this.#untilReleased();
      if (hasEnded(entry.delivery.status)) return;
    }
    if (!entry.typed) {
      entry.typed = true;
      this.typed.push(entry.delivery.id);
      this.#step(entry, "typed");
      if (session === "dies") process.kill(process.pid, "SIGKILL");
    }
    this.#step(entry, "parked");
    if (entry.delivery.options.noSubmit) return this.#end(entry, "parked", { status: "typed" });
    this.#step(entry, "submitted");
    if (session === "never") return this.#step(entry, "unconfirmed", { reason: "no_proof" });
    if (session === "queued") {
      this.#step(entry, "queued");
      await this.#untilReleased();
    }
    this.#step(entry, "delivered");
    if (entry.delivery.options.waitFor === "finished") {
      this.#step(entry, "working");
      entry.delivery = { ...entry.delivery, answer: "forty-two" };
      this.#step(entry, "finished");
    }
  }

  #end(entry: Entry, step: DeliveryStep, change: Partial<Delivery>): void {
    entry.delivery = { ...entry.delivery, ...change };
    this.#step(entry, step);
  }

  #step(entry: Entry, step: DeliveryStep, { reason = "" }: { reason?: string } = {}): void {
    const at = new Date();
    const evidence = step === "delivered"
      ? { source: "record", locator: "/tmp/record.jsonl@12", recordedAt: at, sentSha256: entry.delivery.promptSha256, recordedSha256: entry.delivery.promptSha256, exact: true, transformation: [], sessionId: "s1" } as const
      : undefined;
    const update: DeliveryUpdate = {
      deliveryId: entry.delivery.id, sequence: entry.delivery.steps.length + 1, step, at, detail: `It is ${step}.`, reason, ...(evidence && { evidence }),
    };
    const detection = this.#target(entry.address).detection;
    entry.delivery = {
      ...entry.delivery, status: statusOf(step, entry.delivery.status), reason, detail: update.detail, updatedAt: at, steps: [...entry.delivery.steps, update],
      target: this.#target(entry.address).target, detection, evidence: evidence ?? entry.delivery.evidence,
    };
    if (this.#journal) writeFileSync(this.#journal, stringify([...this.#entries]));
    for (const queue of this.#listeners.get(entry.delivery.id) ?? []) queue.push(update);
  }

  async *#follow(entry: Entry, enough: (step: DeliveryStep, status: DeliveryStatus) => boolean, signal: AbortSignal): AsyncGenerator<DeliveryUpdate> {
    const queue = new AsyncQueue<DeliveryUpdate>();
    const listeners = this.#listeners.get(entry.delivery.id) ?? new Set();
    this.#listeners.set(entry.delivery.id, listeners.add(queue));
    const stop = (): void => queue.end();
    signal.addEventListener("abort", stop, { once: true });
    for (const step of entry.delivery.steps) queue.push(step);
    let seen = 0;
    try {
      for await (const update of queue) {
        if (update.sequence <= seen) continue;
        seen = update.sequence;
        const last = update.sequence === entry.delivery.steps.length;
        const done = last && enough(update.step, entry.delivery.status);
        yield done ? { ...update, delivery: entry.delivery } : update;
        if (done) return;
      }
    } finally {
      listeners.delete(queue);
      signal.removeEventListener("abort", stop);
    }
  }

  #untilReleased(): Promise<void> {
    return this.#released ? Promise.resolve() : new Promise((resolve) => this.#releases.add(resolve));
  }

  #watchForRelease(folder: string): void {
    const look = (): void => {
      if (existsSync(`${folder}/release`)) this.release();
    };
    watch(folder, look).unref();
    look();
  }

  #find(idOrKey: string): Entry | undefined {
    return [...this.#entries.values()].find(({ delivery }) => delivery.id === idOrKey || delivery.key === idOrKey);
  }

  #known(idOrKey: string): Entry {
    const entry = this.#find(idOrKey);
    if (!entry) throw new DispatchError("delivery_not_found", undefined, { metadata: { field: "id", value: idOrKey } });
    return entry;
  }

  #target(address: TargetAddress): DetectedTarget {
    const busy = sessionOf(address) === "busy";
    return {
      target: {
        machine: this.machine, server: address.server || "/tmp/tmux-0/default", paneId: "%1", target: address.pane.includes(":") ? address.pane : `${address.pane}:0.0`,
        panePid: 4242, window: "agent", active: true, width: 100, height: 30,
      },
      detection: {
        targetKind: "agent", agentKind: "claude", state: busy ? "busy" : "idle", composerState: busy ? "active" : "idle", canReceivePrompt: !busy, canQueuePrompt: busy,
        submitKeys: ["Enter"], recommendedSubmitKey: "Enter", reason: "scripted", paneCommand: "claude", cwd: "/tmp", agentVersion: "2.1.197", agentPid: 4242,
        agentStarted: 9_007_199_254_740_993n, sessionId: "s1", activity: "", actionNeeded: "", hasDraft: false, evidence: [{ source: "process", detail: "scripted" }],
        observedAt: this.#started, since: this.#started,
      },
    };
  }
}

const refusals: Readonly<Record<string, Reason>> = {
  busy: "agent_busy", shell: "is_shell", gone: "not_found", many: "ambiguous_target", noserver: "no_tmux_server", denied: "no_permission",
};

const sessionOf = (address: TargetAddress): string => address.pane.split(":")[0] ?? "";
