export type Severity = "ok" | "warning" | "error";

/** One thing that was looked at, and what to do about it. */
export interface Finding {
  readonly severity: Severity;
  /** What was looked at, such as `tmux` or `claude record`. */
  readonly subject: string;
  readonly detail: string;
  /** What to do, or empty. */
  readonly hint: string;
}
