import { reasons, type Reason, type ReasonEntry } from "./reasons.js";

/** The one error class that leaves a room. `message` is for people; `reason` is for programs. */
export class DispatchError extends Error {
  readonly reason: Reason;
  /** Field or facts that belong to the reason, such as `{ field: "target", value: "wrk:0" }`. Never prompt text. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(reason: Reason, detail?: string, options: { metadata?: Record<string, string>; cause?: unknown } = {}) {
    super(detail ?? reasons[reason].sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DispatchError";
    this.reason = reason;
    this.metadata = options.metadata ?? {};
  }

  get entry(): ReasonEntry {
    return reasons[this.reason];
  }

  get hint(): string {
    return this.entry.hint;
  }

  get retryable(): boolean {
    return this.entry.retryable;
  }
}
