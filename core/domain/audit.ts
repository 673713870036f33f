/** One line of the audit log: a mutating call as it was let in, how it ended, or a denial. Never the text itself. */
export interface AuditEntry {
  /** Counts from 1. */
  readonly sequence: number;
  readonly at: Date;
  /** `client:alice`; for whom a coordinator called, where it did. */
  readonly subject: string;
  /** Who was at the other end of the connection. */
  readonly caller: string;
  /** Path of the call, `/dispatch.v1.NodeAgent/Deliver`. */
  readonly rpc: string;
  /** As it was asked for; empty where the call has none. */
  readonly target: string;
  /** SHA-256 of the prompt or command, hexadecimal; empty where there is none. */
  readonly textSha256: string;
  readonly textBytes: number;
  /** `admitted`, then `ok` or the reason with which it ended; `denied` with the reason in `detail`. */
  readonly outcome: string;
  readonly detail: string;
  /** SHA-256 over this entry and the hash of the one before. */
  readonly hash: string;
}

export type NewAuditEntry = Omit<AuditEntry, "sequence" | "at" | "hash">;

export interface AuditFilter {
  /** Only of this subject or caller; empty for all. */
  readonly subject: string;
  readonly deniedOnly: boolean;
  readonly limit: number;
}

/** Whether the chain is whole. */
export interface AuditVerdict {
  readonly entries: number;
  /** Sequence number of the first entry that was changed, follows a gap or is missing at the end; 0 where the chain is whole. */
  readonly brokenAt: number;
  /** Hash of the last entry: noted elsewhere with its number, it proves later that nothing up to it was changed. */
  readonly lastHash: string;
}

/** The last entry of an audit log at some time. */
export interface AuditPosition {
  readonly sequence: number;
  readonly hash: string;
}
