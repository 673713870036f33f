import { credentials, type ChannelCredentials } from "@grpc/grpc-js";
import type { AuditEntry, AuditFilter, AuditPosition, AuditVerdict } from "../../core/domain/audit.js";
import type { Captured } from "../../core/domain/captured.js";
import type { Conversation } from "../../core/domain/conversation.js";
import type { Delivery, DeliveryOptions, DeliveryUpdate } from "../../core/domain/delivery.js";
import type { DetectedTarget } from "../../core/domain/detection.js";
import type { ExecRequest } from "../../core/domain/exec.js";
import type { Finding } from "../../core/domain/finding.js";
import type { NodeDescription } from "../../core/domain/node-description.js";
import type { Principal } from "../../core/domain/principal.js";
import type { TargetAddress } from "../../core/domain/target.js";
import type { WatchEvent } from "../../core/domain/watch-event.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { callStream, callUnary, type CallSettings } from "../../core/transport/calls.js";
import { behalfOfMetadata } from "../../core/access/behalf-of.js";
import type { Clock } from "../../core/clock.js";
import { channelOptions, remoteChannelOptions } from "../../core/transport/channel-options.js";
import type { Unreachable } from "../../core/transport/explain-tls.js";
import { waitForReady } from "../../core/transport/wait-for-ready.js";
import { auditEntryFromWire, auditPositionToWire, auditVerdictFromWire } from "../../core/wire/audit.js";
import { conversationFromWire } from "../../core/wire/conversation.js";
import { deliveryFromWire, updateFromWire } from "../../core/wire/delivery.js";
import { deliveryOptionsToWire } from "../../core/wire/delivery-options.js";
import { execOptionsToWire } from "../../core/wire/exec.js";
import { capturedFromWire, descriptionFromWire, findingFromWire } from "../../core/wire/node.js";
import { detectedTargetFromWire } from "../../core/wire/target.js";
import type { AccessDecision } from "../../proto/gen/dispatch/v1/access.js";
import type { Delivery as WireDelivery, DeliveryUpdate as WireUpdate } from "../../proto/gen/dispatch/v1/delivery.js";
import { NodeAgentClient } from "../../proto/gen/dispatch/v1/node_agent.js";
import { ConnectionWatch } from "./connection-watch.js";

const learnMs = 5_000;
const explainAgainMs = 2_000;
const momentMs = 1_000;
/** Where a whole network is away, a few of its machines are enough to tell why. */
const maxLooking = 16;
let looking = 0;
const maxAliases = 16;

export interface NodeCall extends Pick<CallSettings, "deadline" | "signal"> {
  /** For whom it is made; absent where the coordinator calls for itself or for its owner. */
  readonly principal?: Principal | undefined;
}

/** What leads to a node that is not dialled itself. */
export interface Via {
  /** Why it does not, or empty. */
  readonly failure: string;
  close(): void;
}

/** How a node on another machine is reached. */
export interface RemoteParts {
  readonly credentials: ChannelCredentials;
  readonly clock: Clock;
  readonly via?: Via;
  /** Why it cannot be, where that can be found out. */
  readonly explain?: () => Promise<Unreachable | undefined>;
}

export interface HandOver {
  readonly deliveryId: string;
  readonly key: string;
  readonly address: TargetAddress;
  readonly prompt: string;
  readonly options: DeliveryOptions;
}

/** One node, over gRPC, in words of the domain. Calls that nobody answers fail with `node_unreachable`. */
export class NodeClient {
  readonly machine: string;
  readonly address: string;
  readonly #client: NodeAgentClient;
  readonly #connection: ConnectionWatch | undefined;
  readonly #via: Via | undefined;
  readonly #remote: RemoteParts | undefined;
  #aliases: readonly string[] = [];
  #failure = "";
  #explainedAt = Number.NEGATIVE_INFINITY;

  /** `remote`: on another machine; its connection is kept up, and found dead where it is. `via` is closed with it. `client`: what to call it through, where that stands. */
  constructor(machine: string, address: string, remote?: RemoteParts, client?: NodeAgentClient) {
    this.machine = machine;
    this.address = address;
    this.#client = client ?? new NodeAgentClient(address, remote?.credentials ?? credentials.createInsecure(), remote ? remoteChannelOptions : channelOptions);
    this.#via = remote?.via;
    this.#remote = remote;
    this.#connection = remote && new ConnectionWatch(this.#client, remote.clock, { onConnected: () => void this.#connected(remote.clock), onFailed: () => void this.#explain(remote) });
  }

  /** When the connection of another machine came up, or was lost, last. */
  get since(): Date | undefined {
    return this.#connection?.since;
  }

  /** Whether calls get through, as far as is known without making one. Where the first attempt is still under way it waits so long at most for its end. */
  async settled(withinMs: number): Promise<boolean> {
    return this.#connection?.settled(withinMs) ?? true;
  }

  /** Why it cannot be reached, where more is known than that; else empty. */
  get failure(): string {
    return this.#via?.failure || this.#failure;
  }

  /** The same, as it is now, as far as that can be found out within a moment. */
  async whyAway(): Promise<string> {
    const remote = this.#remote;
    if (remote) await new Promise<void>((resolve) => {
      const cancel = remote.clock.after(momentMs, resolve);
      void this.#explain(remote).finally(() => {
        cancel();
        resolve();
      });
    });
    return this.failure;
  }

  /** Resolves when the connection stands; `node_unreachable` when it does not by the deadline. */
  ready(deadline: Date): Promise<void> {
    return waitForReady(this.#client, deadline, "node_unreachable", () => this.failure || `The node of ${this.machine} does not answer at ${this.address}.`);
  }

  /** Further names that it says it has; empty before it was connected. */
  get aliases(): readonly string[] {
    return this.#aliases;
  }

  async describe(call: NodeCall): Promise<NodeDescription> {
    const told = descriptionFromWire(await callUnary(this.#client.describe.bind(this.#client), {}, settings(call)));
    this.#aliases = told.aliases.slice(0, maxAliases);
    return told;
  }

  async listTargets(server: string, call: NodeCall): Promise<DetectedTarget[]> {
    const { targets } = await callUnary(this.#client.listTargets.bind(this.#client), { server }, settings(call));
    return targets.map(detectedTargetFromWire);
  }

  async detect(target: TargetAddress, call: NodeCall): Promise<DetectedTarget> {
    return detectedTargetFromWire((await callUnary(this.#client.detect.bind(this.#client), { target }, settings(call))).target);
  }

  async capture(target: TargetAddress, lines: number, call: NodeCall): Promise<Captured> {
    return capturedFromWire(await callUnary(this.#client.capture.bind(this.#client), { target, lines }, settings(call)));
  }

  async *exec({ address, options, ...rest }: ExecRequest, call: NodeCall): AsyncGenerator<DeliveryUpdate> {
    const request = { ...rest, target: address, options: execOptionsToWire(options) };
    for await (const { update } of callStream(this.#client.exec.bind(this.#client), request, settings(call))) yield present(update);
  }

  async pressKey({ deliveryId, address, keyName }: { deliveryId: string; address: TargetAddress; keyName: string }, call: NodeCall): Promise<Delivery> {
    return presentDelivery((await callUnary(this.#client.pressKey.bind(this.#client), { deliveryId, target: address, keyName }, settings(call))).delivery);
  }

  followCapture(target: TargetAddress, lines: number, call: NodeCall): AsyncIterable<{ text: string; gone: boolean }> {
    return callStream(this.#client.followCapture.bind(this.#client), { target, lines }, settings(call));
  }

  async readConversation(target: TargetAddress, limit: number, call: NodeCall): Promise<Conversation> {
    return conversationFromWire(await callUnary(this.#client.readConversation.bind(this.#client), { target, limit }, settings(call)));
  }

  async listSessions(query: string, call: NodeCall): Promise<TargetAddress[]> {
    return (await callUnary(this.#client.listSessions.bind(this.#client), { query }, settings(call))).targets;
  }

  async *watch(target: TargetAddress | undefined, call: NodeCall): AsyncGenerator<WatchEvent> {
    for await (const { target: found, gone } of callStream(this.#client.watch.bind(this.#client), { target }, settings(call))) {
      yield { ...detectedTargetFromWire(found), gone };
    }
  }

  async *deliver(handOver: HandOver, call: NodeCall): AsyncGenerator<DeliveryUpdate> {
    const { address, options, ...rest } = handOver;
    const request = { ...rest, target: address, options: deliveryOptionsToWire(options) };
    for await (const { update } of callStream(this.#client.deliver.bind(this.#client), request, settings(call))) yield present(update);
  }

  async *follow(id: string, call: NodeCall): AsyncGenerator<DeliveryUpdate> {
    for await (const { update } of callStream(this.#client.followDelivery.bind(this.#client), { id }, settings(call))) yield present(update);
  }

  async cancel(id: string, call: NodeCall): Promise<{ delivery: Delivery; cancelled: boolean }> {
    const { delivery, cancelled } = await callUnary(this.#client.cancelDelivery.bind(this.#client), { id }, settings(call));
    return { delivery: presentDelivery(delivery), cancelled };
  }

  async getDelivery(id: string, call: NodeCall): Promise<Delivery> {
    return presentDelivery((await callUnary(this.#client.getDelivery.bind(this.#client), { id }, settings(call))).delivery);
  }

  async updateRevocations(serials: readonly string[], call: NodeCall): Promise<void> {
    await callUnary(this.#client.updateRevocations.bind(this.#client), { serials: [...serials] }, settings(call));
  }

  async explain({ role, target }: { role: string; target: TargetAddress }, call: NodeCall): Promise<AccessDecision | undefined> {
    return (await callUnary(this.#client.explain.bind(this.#client), { role, target }, settings(call))).decision;
  }

  async listAudit(filter: AuditFilter, call: NodeCall): Promise<AuditEntry[]> {
    return (await callUnary(this.#client.listAudit.bind(this.#client), { filter }, settings(call))).entries.map(auditEntryFromWire);
  }

  async verifyAudit(noted: AuditPosition | undefined, call: NodeCall): Promise<AuditVerdict> {
    return auditVerdictFromWire((await callUnary(this.#client.verifyAudit.bind(this.#client), { noted: auditPositionToWire(noted) }, settings(call))).verdict);
  }

  async doctor(call: NodeCall): Promise<Finding[]> {
    return (await callUnary(this.#client.doctor.bind(this.#client), {}, settings(call))).findings.map(findingFromWire);
  }

  /** A machine may come back under other names. One that does not say is known by those that it had. */
  async #connected(clock: Clock): Promise<void> {
    this.#failure = "";
    await this.describe({ deadline: new Date(clock.now().getTime() + learnMs) }).catch(() => undefined);
  }

  /** gRPC tells that there is no connection, and not why: that is looked for when it is lost, and when somebody asks. */
  async #explain({ clock, explain }: RemoteParts): Promise<void> {
    if (!explain || !this.#connection?.hasFailed || looking >= maxLooking || clock.monotonicMs() - this.#explainedAt < explainAgainMs) return;
    this.#explainedAt = clock.monotonicMs();
    looking++;
    const told = await explain().finally(() => looking--);
    this.#failure = told && !this.#connection.isConnected ? sentence(told.why) : "";
  }

  close(): void {
    this.#connection?.close();
    this.#client.close();
    this.#via?.close();
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function settings({ deadline, signal, principal }: NodeCall): CallSettings {
  return { deadline, signal, unreachable: "node_unreachable", ...(principal && principal.kind !== "owner" && { metadata: behalfOfMetadata(principal) }) };
}

function present(update: WireUpdate | undefined): DeliveryUpdate {
  if (!update) throw new DispatchError("internal", "The node sent an empty update.");
  return updateFromWire(update);
}

function presentDelivery(delivery: WireDelivery | undefined): Delivery {
  if (!delivery) throw new DispatchError("internal", "The node sent an empty delivery.");
  return deliveryFromWire(delivery);
}
