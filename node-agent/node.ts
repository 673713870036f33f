import type { Captured } from "../core/domain/captured.js";
import type { Conversation } from "../core/domain/conversation.js";
import type { Delivery, DeliveryOptions, DeliveryStatus, DeliveryUpdate } from "../core/domain/delivery.js";
import type { DetectedTarget } from "../core/domain/detection.js";
import type { ExecRequest } from "../core/domain/exec.js";
import type { Finding } from "../core/domain/finding.js";
import type { NodeDescription } from "../core/domain/node-description.js";
import type { TargetAddress } from "../core/domain/target.js";
import type { WatchEvent } from "../core/domain/watch-event.js";

export interface DeliverRequest {
  readonly deliveryId: string;
  readonly key: string;
  readonly address: TargetAddress;
  readonly prompt: string;
  readonly options: DeliveryOptions;
}

/** Port: all that a node can do. The RPCs of `service/` are thin adapters on it. Failures are DispatchErrors. */
export interface Node {
  describe(): Promise<NodeDescription>;
  /** Panes of one tmux server (socket path), or of every one that is found where `server` is empty. */
  listTargets(server: string): Promise<DetectedTarget[]>;
  detect(address: TargetAddress): Promise<DetectedTarget>;
  /**
   * Delivers, or joins or replays the delivery that holds the key (`key_conflict` for another body).
   * The last update carries `delivery`. Aborting means that the caller stopped listening: the delivery goes on.
   */
  deliver(request: DeliverRequest, signal: AbortSignal): AsyncIterable<DeliveryUpdate>;
  /**
   * The steps of a known delivery from its first, then on until it has its end (`queued` is none).
   * The last update carries `delivery`. Never types.
   */
  follow(idOrKey: string, signal: AbortSignal): AsyncIterable<DeliveryUpdate>;
  /** `cancelled` is false where the submit key had been pressed already. */
  cancel(idOrKey: string): Promise<{ delivery: Delivery; cancelled: boolean }>;
  /** Judges a shell command and runs it. The last update carries `delivery`. Aborting stops waiting, not the command. */
  exec(request: ExecRequest, signal: AbortSignal): AsyncIterable<DeliveryUpdate>;
  /** A refusal is an outcome (`status`, `reason`). */
  pressKey(request: { deliveryId: string; address: TargetAddress; keyName: string }): Promise<Delivery>;
  capture(address: TargetAddress, lines: number): Promise<Captured>;
  /** Whole lines as they come, from `lines` lines back, until the signal aborts or the pane is gone. */
  followCapture(address: TargetAddress, lines: number, signal: AbortSignal): AsyncIterable<{ text: string; gone: boolean }>;
  readConversation(address: TargetAddress, limit: number): Promise<Conversation>;
  /** Panes that the sessions registry of this machine names. */
  listSessions(query: string): Promise<TargetAddress[]>;
  /** One pane, or all of them: state at once and whenever it changes, until the signal aborts. */
  watch(address: TargetAddress | undefined, signal: AbortSignal): AsyncIterable<WatchEvent>;
  /** `delivery_not_found` where the journal never had it: then nothing was typed for it. */
  getDelivery(idOrKey: string): Promise<Delivery>;
  /** Newest first. */
  listDeliveries(filter: { status?: DeliveryStatus | undefined; limit: number }): Promise<Delivery[]>;
  doctor(): Promise<Finding[]>;
  close(): Promise<void>;
}
