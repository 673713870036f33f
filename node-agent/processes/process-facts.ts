/** One process, as the operating system tells it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  /** Clock ticks after boot on Linux, ms since the epoch on macOS; with the pid it names one process. */
  readonly started: bigint;
  /** Resolved path of the executable; empty where it may not be read. */
  readonly executable: string;
  readonly argv: readonly string[];
  /** Empty where it may not be read. */
  readonly cwd: string;
  /** Process group, and the foreground process group of its terminal (-1 where it has none). */
  readonly processGroup: number;
  readonly foregroundGroup: number;
  /** Stopped by a signal (SIGSTOP, SIGTSTP): it reads nothing until it goes on. */
  readonly stopped?: boolean | undefined;
}

/** Port: facts about processes. Adapters: /proc (Linux), ps and lsof (macOS). */
export interface ProcessFacts {
  /** `rootPid` and all its descendants, parents first; empty when it is gone. */
  tree(rootPid: number): Promise<ProcessInfo[]>;
  /** Start time of a live process, undefined when it is gone. */
  started(pid: number): Promise<bigint | undefined>;
  /** The pid by which the process knows itself: another one where it runs in a pid namespace of its own (bubblewrap, unshare). */
  ownPid(pid: number): Promise<number>;
  /** Environment the process was started with; empty where it may not be read. */
  environment(pid: number): Promise<ReadonlyMap<string, string>>;
  /** Paths of regular files the process holds open, of those that `accepts` lets pass. */
  openFiles(pid: number, accepts?: (path: string) => boolean): Promise<string[]>;
}
