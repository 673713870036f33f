import type { TargetAddress } from "./target.js";

/** What a caller's policy file allows beyond the built-in commands. */
export interface ExecPolicy {
  /** Words that a command may begin with. */
  readonly allowPrefixes: readonly string[];
  /** `machine/session:window.pane` patterns with `*` that live commands may go to. */
  readonly allowTargets: readonly string[];
  /** Absolute folders under which `git reset --hard` is allowed; `*` for any. */
  readonly allowGitResetHardPaths: readonly string[];
}

export interface ExecOptions {
  /** Absent where the caller has no policy file: then only a dry run is possible. */
  readonly policy?: ExecPolicy | undefined;
  readonly dryRun: boolean;
  readonly forceInterrupt: boolean;
  readonly wait: boolean;
  /** From acceptance to the end. */
  readonly timeoutMs: number;
}

/** One shell command for a pane that shows a shell. */
export interface ExecRequest {
  readonly deliveryId: string;
  readonly address: TargetAddress;
  readonly command: string;
  readonly options: ExecOptions;
}
