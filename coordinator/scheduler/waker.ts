/** Port: calls us at a time of day. It may be late, early or not at all where the clock is changed: whoever is woken looks for himself. */
export interface Waker {
  /** One wake-up at a time: a new one takes the place of the one before. */
  wakeAt(at: Date, action: () => void): void;
  cancel(): void;
}
