/** Where a prompt goes, as a caller writes it: `machine/session:window.pane`, with the tmux server apart. */
export interface TargetAddress {
  /** Machine name; empty for the node that is asked. */
  readonly machine: string;
  /** tmux server: socket path or `-L` name; empty for the node's default server. */
  readonly server: string;
  /** `session[:window[.pane]]`, or a tmux id (`%7`, `@3`, `$1`). */
  readonly pane: string;
}

/** A pane after its address was resolved. `paneId` and `panePid` together cannot come to mean another process. */
export interface ResolvedTarget {
  readonly machine: string;
  /** Absolute path of the tmux server's socket. */
  readonly server: string;
  readonly paneId: string;
  /** `session:windowIndex.paneIndex`. */
  readonly target: string;
  readonly panePid: number;
  readonly window: string;
  readonly active: boolean;
  readonly width: number;
  readonly height: number;
}
