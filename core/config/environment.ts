export type Environment = Readonly<Record<string, string | undefined>>;

/** The one door to `process.env`. */
export const environment: Environment = process.env;

/**
 * What the background process takes over from whoever happens to start it: what it needs to find programs, folders and its
 * configuration. Not TMUX, not TMUX_PANE (each request names its own server), and no secrets of the caller.
 */
export function daemonEnvironment(from: Environment): Record<string, string> {
  const kept = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|TMUX_TMPDIR|XDG_[A-Z_]+|DISPATCH_(?!AI_)[A-Z_]+)$/;
  return Object.fromEntries(Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined && kept.test(entry[0])));
}
