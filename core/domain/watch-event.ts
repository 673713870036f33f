import type { DetectedTarget } from "./detection.js";

/** The state of a pane, at once and whenever it changes. */
export interface WatchEvent extends DetectedTarget {
  /** The pane is gone; `detection` is what was last seen. */
  readonly gone: boolean;
}
