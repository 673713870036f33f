import type { Delivery, DeliveryKind, DeliveryStatus, DeliveryUpdate } from "../../core/domain/delivery.js";
import type { Principal } from "../../core/domain/principal.js";
import type { TargetAddress } from "../../core/domain/target.js";

/** A delivery as the coordinator keeps it. */
export interface StoredDelivery {
  readonly delivery: Delivery;
  readonly address: TargetAddress;
  /** Who asked for it; absent where it was the coordinator's owner. */
  readonly principal?: Principal | undefined;
  /** Hash of what must be equal for two requests with one key to be the same request. */
  readonly fingerprint: string;
  /** Kept until the node has journalled it, then dropped. */
  readonly prompt: string | undefined;
}

export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  readonly kind?: DeliveryKind | undefined;
  /** Empty or absent for every machine. */
  readonly machine?: string | undefined;
  readonly limit: number;
}

/** Port: the coordinator's durable list of deliveries. */
export interface DeliveryStore {
  /** Claims the key. Resolves to who holds it already, or undefined. */
  claim(stored: StoredDelivery): Promise<StoredDelivery | undefined>;
  /** Resolves when what was written until now survives a loss of power; a crash of this process it survives at once. Throws DispatchError state_unwritable. */
  onDisk(): Promise<void>;
  /** Writes a step and the delivery as it is after that step. Drops the prompt: a node that tells steps has journalled it. */
  record(update: DeliveryUpdate, delivery: Delivery): void;
  /** Takes over what the node says of a delivery, steps included. */
  replace(delivery: Delivery): void;
  /** By id or key. */
  find(idOrKey: string): StoredDelivery | undefined;
  /** Newest first. */
  list(filter: DeliveryFilter): Delivery[];
  /** Deliveries without an end, oldest first. */
  unfinished(): StoredDelivery[];
  /** Number of deliveries by status. */
  counts(): Record<string, number>;
  close(): void;
}
