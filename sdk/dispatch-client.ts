import { credentials, InterceptingCall, type Interceptor } from "@grpc/grpc-js";
import { behalfOfMetadata } from "../core/access/behalf-of.js";
import type { Principal } from "../core/domain/principal.js";
import { systemClock } from "../core/clock.js";
import { defaultConcurrency, type BulkLimits, type BulkRequest, type SessionsSource } from "../core/domain/bulk.js";
import type { Captured } from "../core/domain/captured.js";
import type { Conversation } from "../core/domain/conversation.js";
import type { CoordinatorStatus } from "../core/domain/coordinator-status.js";
import type { Delivery, DeliveryKind, DeliveryOptions, DeliveryStatus, DeliveryUpdate, WaitFor } from "../core/domain/delivery.js";
import { aiEnvironment } from "../core/config/ai-environment.js";
import { loadConfig } from "../core/config/load-config.js";
import { environment } from "../core/config/environment.js";
import { isEnough } from "../core/domain/delivery-progress.js";
import { givenKey } from "../core/domain/delivery-id.js";
import type { DetectedTarget } from "../core/domain/detection.js";
import type { ExecOptions } from "../core/domain/exec.js";
import type { Finding } from "../core/domain/finding.js";
import type { UnansweredMachine } from "../core/domain/fleet.js";
import type { Selector } from "../core/domain/selector.js";
import type { TargetAddress } from "../core/domain/target.js";
import type { WatchEvent } from "../core/domain/watch-event.js";
import { renewWhereDue } from "../core/pki/certificate-keeper.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { callStream, callUnary, type UnaryMethod } from "../core/transport/calls.js";
import { channelOptions, remoteChannelOptions } from "../core/transport/channel-options.js";
import { waitForReady } from "../core/transport/wait-for-ready.js";
import { conversationFromWire } from "../core/wire/conversation.js";
import { deliveryFromWire, kindFilterToWire, statusFilterToWire, updateFromWire } from "../core/wire/delivery.js";
import { waitFor as waitForCodec } from "../core/wire/delivery-options.js";
import { execOptionsToWire } from "../core/wire/exec.js";
import { capturedFromWire, findingFromWire, statusFromWire } from "../core/wire/node.js";
import { detectedTargetFromWire } from "../core/wire/target.js";
import { CoordinatorClient } from "../proto/gen/dispatch/v1/coordinator.js";
import type { Delivery as WireDelivery } from "../proto/gen/dispatch/v1/delivery.js";
import { BulkRun } from "./bulk-run.js";
import { checkedOptions, checkedText } from "./check-request.js";
import { connectAddress, type ConnectOptions, type CoordinatorAddress, type OwnIdentity } from "./connect-address.js";
import { planAi, type AiRequest } from "./ai/plan-ai.js";
import type { AiResult } from "./ai/transform-transcript.js";
import { DeliveryRun } from "./delivery-run.js";
import { ExecRun } from "./exec-run.js";
import { AccessClient } from "./access-client.js";
import { EnrolmentClient } from "./enrolment-client.js";
import { FleetClient, type FleetParts } from "./fleet-client.js";
import { ScheduleClient } from "./schedule-client.js";
import type { FleetSummary } from "./triage/fleet-summary.js";
import type { Recovery } from "./triage/recover.js";
import type { Triage } from "./triage/triage.js";
import type { FleetSummaryRequest, RecoverRequest, TriageRequest } from "./triage/triage-pane.js";
import { localNames, toAddress, type TargetLike } from "./to-address.js";
import { resolveTmuxServer } from "./tmux-server.js";

/** Time for an answer that needs no agent, where the caller sets no signal of its own. */
const callMs = 30_000;
const reconnectMs = 5_000;
/** For the first connection to another machine; what is in the way is looked for after it. */
const reachMs = 3_000;
const defaultExecMs = 60_000;

export interface CallOptions {
  /** Stops waiting; of a delivery too: the delivery itself goes on (`cancel` stops it). */
  readonly signal?: AbortSignal | undefined;
}

export interface SendRequest extends Partial<DeliveryOptions>, CallOptions {
  readonly target: TargetLike;
  readonly prompt: string;
  /** Idempotency key: the same key never types twice. A new one is made where none is given. */
  readonly key?: string | undefined;
}

export interface BulkSendRequest extends Partial<DeliveryOptions>, CallOptions {
  readonly prompt: string;
  readonly targets?: readonly TargetLike[] | undefined;
  /** Further targets, by what is in them. */
  readonly select?: Selector | undefined;
  /** Further targets, by the sessions registry of a machine. */
  readonly sessions?: SessionsSource | undefined;
  readonly limits?: { readonly [Field in keyof BulkLimits]?: BulkLimits[Field] | undefined } | undefined;
  /** Idempotency key of the whole: the same key again never types twice into one target. */
  readonly key?: string | undefined;
}

export interface ExecCommandRequest extends Partial<Omit<ExecOptions, "timeoutMs">>, CallOptions {
  readonly target: TargetLike;
  /** One simple command, or `cd PATH && COMMAND`. */
  readonly command: string;
  /** From acceptance to the end; default 60 s. */
  readonly timeoutMs?: number | undefined;
}

export interface KeyRequest extends CallOptions {
  readonly target: TargetLike;
  /** Enter, Tab, Escape, arrows, … */
  readonly key: string;
}

export interface CaptureRequest extends CallOptions {
  readonly target: TargetLike;
  readonly lines?: number | undefined;
  /** Ask a model about the text. */
  readonly ai?: AiRequest | undefined;
}

/** The way in for programs: deliver prompts to agents in tmux panes and look at both. Every failure is a DispatchError. */
export class DispatchClient {
  /** Prompts for later, once or again and again. */
  readonly schedules: ScheduleClient;
  /** The machines. */
  readonly fleet: FleetClient;
  /** Who belongs to the fleet. */
  readonly enrolment: EnrolmentClient;
  /** Who may do what, and who did. */
  readonly access: AccessClient;
  readonly #client: CoordinatorClient;

  readonly #options: ConnectOptions;
  readonly #local: ReadonlySet<string>;
  readonly #unreachable: "coordinator_unreachable" | "daemon_unavailable";

  private constructor({ address, channel }: CoordinatorAddress, options: ConnectOptions) {
    const interceptors = options.behalfOf ? [sayFor(options.behalfOf)] : [];
    this.#client = channel ? new CoordinatorClient(address, channel, { ...remoteChannelOptions, interceptors }) : new CoordinatorClient(address, credentials.createInsecure(), { ...channelOptions, interceptors });
    this.#options = options;
    this.#unreachable = channel ? "coordinator_unreachable" : "daemon_unavailable";
    this.#local = channel ? new Set() : localNames(options.config ?? loadConfig().config);
    const parts = { client: this.#client, ask: (method, request, call) => this.#ask(method, request, call) } satisfies FleetParts;
    this.schedules = new ScheduleClient({ ...parts, toAddress: (target) => this.address(target) });
    this.fleet = new FleetClient(parts);
    this.enrolment = new EnrolmentClient(parts);
    this.access = new AccessClient(parts);
  }

  /** Connects to `address`, or to the background process of this machine, which is started where it does not run. */
  static async connect(options: ConnectOptions = {}): Promise<DispatchClient> {
    const to = await connectAddress(options);
    const client = new DispatchClient(to, options);
    if (to.channel) await client.#reach(to);
    if (to.own) await client.#renewOwn(to.own);
    return client;
  }

  /**
   * Sends one prompt. Await the result for the delivery as it stands in the end, or iterate it for each step as it is seen.
   * A refusal is an outcome (`status`, `reason`), not an error.
   */
  send(request: SendRequest): DeliveryRun {
    return new DeliveryRun(this.#client, {
      key: givenKey(request.key),
      address: this.address(request.target),
      prompt: checkedText("prompt", request.prompt),
      options: checkedOptions(request),
      signal: request.signal,
      // Where the background process went away, it is started again to ask what became of the delivery.
      revive: () => connectAddress(this.#options),
    });
  }

  /**
   * Sends one prompt to many targets, within limits. Await it for all results, or iterate it for each event as it comes. Aborting starts
   * nothing more, cancels what was not typed yet, and still tells what became of each target.
   */
  bulkSend({ targets = [], signal, key, prompt, select, sessions, limits, ...options }: BulkSendRequest): BulkRun {
    const maxConcurrency = limits?.maxConcurrency ?? defaultConcurrency;
    const request: BulkRequest = {
      key: givenKey(key), prompt: checkedText("prompt", prompt), select, sessions, targets: targets.map((target) => this.address(target)), options: checkedOptions(options),
      limits: { maxConcurrency, perMachine: limits?.perMachine ?? maxConcurrency, jitterMs: limits?.jitterMs ?? 0, staggerMs: limits?.staggerMs ?? 0 },
    };
    return new BulkRun(request, { client: this.#client, signal, ask: (one) => this.#outcome(one, request.options), cancel: async (one) => (await this.cancel(one)).delivery });
  }

  /** Presses one key in an agent. A refusal is an outcome (`status`, `reason`). Never done twice. */
  async key({ target, key, signal }: KeyRequest): Promise<Delivery> {
    const settings = { deadline: inMs(callMs), signal, unreachable: "daemon_unavailable" } as const;
    return present((await callUnary(this.#client.pressKey.bind(this.#client), { target: this.address(target), keyName: checkedText("key", key) }, settings)).delivery);
  }

  /**
   * Judges one shell command and runs it in a pane that shows a shell; awaited for how it ended, or iterated for its steps. A blocked command
   * is an outcome (`refused`, `policy_denied`). Never done twice.
   */
  exec({ target, command, signal, policy, dryRun = false, forceInterrupt = false, wait = false, timeoutMs = defaultExecMs }: ExecCommandRequest): ExecRun {
    const request = { target: this.address(target), command: checkedText("command", command), options: execOptionsToWire({ policy, dryRun, forceInterrupt, wait, timeoutMs }) };
    return new ExecRun(this.#client, request, { deadline: inMs(timeoutMs + callMs), signal, unreachable: "daemon_unavailable" });
  }

  /**
   * Panes with what is in them; of one machine (`*` and `?` are wildcards) or one tmux server where named. Of several machines one that does
   * not answer holds up nobody: `onUnanswered` is told of it.
   */
  async targets({ onUnanswered, ...filter }: { machine?: string; server?: string; onUnanswered?: (machine: UnansweredMachine) => void } & CallOptions = {}): Promise<DetectedTarget[]> {
    const request = { machine: filter.machine ?? "", server: filter.server ? resolveTmuxServer(filter.server) : "" };
    const { targets, unanswered } = await this.#ask(this.#client.listTargets.bind(this.#client), request, filter);
    for (const machine of unanswered) onUnanswered?.(machine);
    return targets.map(detectedTargetFromWire);
  }

  async detect(target: TargetLike, options: CallOptions = {}): Promise<DetectedTarget> {
    const { target: found } = await this.#ask(this.#client.detect.bind(this.#client), { target: this.address(target) }, options);
    return detectedTargetFromWire(found);
  }

  /**
   * The last `lines` lines of a pane (1 to 2000, default 200), redacted. With `ai` a model is asked about them, from this process; what
   * goes wrong with that is in `ai` of the result, beside the text.
   */
  async capture({ target, lines = 0, ai, ...call }: CaptureRequest): Promise<Captured & { readonly ai?: AiResult }> {
    // What is asked for is checked before anything is done.
    const plan = ai && planAi(ai, aiEnvironment(environment));
    const captured = capturedFromWire((await this.#ask(this.#client.capture.bind(this.#client), { target: this.address(target), lines }, call)).capture);
    if (!plan) return captured;
    const { transformTranscript } = await import("./ai/transform-transcript.js");
    return { ...captured, ai: await transformTranscript(captured.text, plan) };
  }

  /** What was said last in the agent of a pane, by its own record, redacted, oldest first: `limit` messages (1 to 1000, default 50). */
  async conversation(target: TargetLike, options: { limit?: number } & CallOptions = {}): Promise<Conversation> {
    const request = { target: this.address(target), limit: options.limit ?? 0 };
    return conversationFromWire((await this.#ask(this.#client.readConversation.bind(this.#client), request, options)).conversation);
  }

  /** New lines of a pane as they settle, redacted, from `lines` lines back (default 0), until the signal aborts or the pane is `gone`. */
  async *followCapture(target: TargetLike, options: { lines?: number } & CallOptions = {}): AsyncGenerator<{ text: string; gone: boolean }, void, undefined> {
    const request = { target: this.address(target), lines: options.lines ?? 0 };
    const responses = callStream(this.#client.followCapture.bind(this.#client), request, { signal: options.signal, unreachable: "daemon_unavailable" });
    for await (const { capture } of responses) if (capture) yield capture;
  }

  /** State of one pane or of all, at once and at each change, until the signal aborts or the loop is left. */
  async *watch(target: TargetLike | undefined, options: CallOptions = {}): AsyncGenerator<WatchEvent, void, undefined> {
    const request = { target: target === undefined ? undefined : this.address(target) };
    const events = callStream(this.#client.watch.bind(this.#client), request, { signal: options.signal, unreachable: "daemon_unavailable" });
    for await (const { target: found, gone } of events) yield { ...detectedTargetFromWire(found), gone };
  }

  /** What is wrong with a pane, and what would be safe to do with a prompt. Types nothing. */
  async triage(request: TriageRequest): Promise<Triage> {
    return (await import("./triage/triage-pane.js")).triagePane(this, request);
  }

  /** Plans what would get an agent going again with a prompt; with `apply`, does it by a normal send, never forced. */
  async recover(request: RecoverRequest): Promise<Recovery> {
    return (await import("./triage/triage-pane.js")).recoverPane(this, request);
  }

  /** How all agents stand, those first that need a look. */
  async fleetSummary(request: FleetSummaryRequest = {}): Promise<FleetSummary> {
    return (await import("./triage/triage-pane.js")).summarizeFleet(this, request);
  }

  /** A delivery by id or key. */
  async get(idOrKey: string, options: CallOptions = {}): Promise<Delivery> {
    const { delivery } = await this.#ask(this.#client.getDelivery.bind(this.#client), { id: idOrKey }, options);
    return present(delivery);
  }

  /** The steps of a delivery from its first, and on until it has its end or, with `finished`, its turn has. Never types. */
  async *follow(idOrKey: string, options: { waitFor?: WaitFor } & CallOptions = {}): AsyncGenerator<DeliveryUpdate, void, undefined> {
    const request = { id: idOrKey, waitFor: waitForCodec.toWire(options.waitFor ?? "delivered") };
    const responses = callStream(this.#client.followDelivery.bind(this.#client), request, { signal: options.signal, unreachable: "daemon_unavailable" });
    for await (const { update } of responses) if (update) yield updateFromWire(update);
  }

  /** Each delivery as it is after each of its steps from now on, until the signal aborts or the loop is left. */
  async *watchDeliveries(options: CallOptions = {}): AsyncGenerator<Delivery, void, undefined> {
    const responses = callStream(this.#client.watchDeliveries.bind(this.#client), {}, { signal: options.signal, unreachable: "daemon_unavailable" });
    for await (const { delivery } of responses) yield present(delivery);
  }

  /** Deliveries, newest first. */
  async list(filter: { status?: DeliveryStatus; kind?: DeliveryKind; machine?: string; limit?: number } & CallOptions = {}): Promise<Delivery[]> {
    const request = { status: statusFilterToWire(filter.status), kind: kindFilterToWire(filter.kind), machine: filter.machine ?? "", limit: filter.limit ?? 0 };
    const { deliveries } = await this.#ask(this.#client.listDeliveries.bind(this.#client), request, filter);
    return deliveries.map(deliveryFromWire);
  }

  /** Stops a delivery whose submit key was not pressed yet; `cancelled` tells whether that was so. */
  async cancel(idOrKey: string, options: CallOptions = {}): Promise<{ delivery: Delivery; cancelled: boolean }> {
    const { delivery, cancelled } = await this.#ask(this.#client.cancelDelivery.bind(this.#client), { id: idOrKey }, options);
    return { delivery: present(delivery), cancelled };
  }

  async status(options: CallOptions = {}): Promise<CoordinatorStatus> {
    return statusFromWire(await this.#ask(this.#client.status.bind(this.#client), {}, options));
  }

  /** Of the coordinator's own machine, or of all of the `fleet` and what connects it. */
  async doctor(options: { fleet?: boolean } & CallOptions = {}): Promise<Finding[]> {
    return (await this.#ask(this.#client.doctor.bind(this.#client), { fleet: options.fleet ?? false }, options)).findings.map(findingFromWire);
  }

  /** A coordinator on another machine is not started from here: who cannot reach it is told why. */
  async #reach({ address, explain }: CoordinatorAddress): Promise<void> {
    try {
      await waitForReady(this.#client, inMs(reachMs), "coordinator_unreachable");
    } catch (cause) {
      this.close();
      const told = await explain?.();
      throw new DispatchError(told?.isRefusal ? "unauthenticated" : "coordinator_unreachable", `The coordinator at ${address} cannot be reached${told ? `: ${told.why}` : ""}.`, { metadata: { address }, cause });
    }
  }

  /** A certificate whose time is nearly over is renewed; where that fails the old one does for now. */
  async #renewOwn(own: OwnIdentity): Promise<void> {
    const renew = async (certificateRequest: string): Promise<string> =>
      (await callUnary(this.#client.renewCertificate.bind(this.#client), { certificateRequest }, { deadline: inMs(reconnectMs), unreachable: "daemon_unavailable" })).certificate;
    try {
      await renewWhereDue({ ...own, kind: "client", clock: systemClock, renew });
    } catch (error) {
      this.#options.onNotice?.(`The certificate of this user could not be renewed: ${(error as Error).message}`);
    }
  }

  /** A delivery whose stream was cut, followed to where its caller wanted to wait. */
  async #outcome(idOrKey: string, options: DeliveryOptions): Promise<Delivery> {
    const now = await this.get(idOrKey);
    if (isEnough(options, now.steps.at(-1)?.step ?? "accepted", now.status)) return now;
    for await (const _ of this.follow(now.id, { waitFor: options.waitFor }));
    return this.get(now.id);
  }

  /** All of these may be asked twice: where the coordinator went away, once more after it came back. */
  async #ask<Request, Response>(method: UnaryMethod<Request, Response>, request: Request, { signal }: CallOptions): Promise<Response> {
    const call = (): Promise<Response> => callUnary(method, request, { deadline: inMs(callMs), signal, unreachable: this.#unreachable });
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DispatchError) || error.reason !== this.#unreachable) throw error;
      await connectAddress(this.#options);
      await waitForReady(this.#client, inMs(reconnectMs), this.#unreachable);
      return call();
    }
  }

  /** The target in its parts, as this client's coordinator understands it. */
  address(target: TargetLike): TargetAddress {
    return toAddress(target, this.#local);
  }

  close(): void {
    this.#client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}

/** Says with every call for whom it is made. */
function sayFor(principal: Principal): Interceptor {
  return (options, nextCall) => new InterceptingCall(nextCall(options), {
    start(metadata, listener, next) {
      metadata.merge(behalfOfMetadata(principal));
      next(metadata, listener);
    },
  });
}

function inMs(delayMs: number): Date {
  return new Date(systemClock.now().getTime() + delayMs);
}

function present(delivery: WireDelivery | undefined): Delivery {
  if (!delivery) throw new DispatchError("internal", "The coordinator sent an empty delivery.");
  return deliveryFromWire(delivery);
}
