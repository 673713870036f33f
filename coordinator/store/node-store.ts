/** A machine that joined, as the coordinator keeps it. */
export interface StoredNode {
  readonly machine: string;
  readonly aliases: readonly string[];
  /** `host:port` */
  readonly address: string;
  readonly registeredAt: Date;
}

/** Port: the machines that have joined, and which machines drain. */
export interface NodeStore {
  /** Adds the machine, or takes over what it says of itself now. */
  register(node: StoredNode): void;
  registered(): StoredNode[];
  /** False where it was not there. */
  remove(machine: string): boolean;
  /** Machines that take nothing new, in lower case; any machine can drain, whatever it is known from. */
  draining(): ReadonlySet<string>;
  setDraining(machine: string, drain: boolean): void;
  close(): void;
}
