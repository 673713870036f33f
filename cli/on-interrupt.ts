const signals = ["SIGINT", "SIGTERM"] as const;

/** Runs `action` at the first ctrl-C (or SIGTERM); the second one ends the process as ever. Returns how to forget it. */
export function onInterrupt(action: () => void): () => void {
  const forget = (): void => {
    for (const signal of signals) process.off(signal, handler);
  };
  const handler = (): void => {
    forget();
    action();
  };
  for (const signal of signals) process.on(signal, handler);
  return forget;
}
