import type { ProcessInfo } from "../../../node-agent/processes/process-facts.js";

/** A process of a pane: in the foreground of its terminal unless told otherwise. */
export function processInfo(pid: number, argv: readonly string[], more: Partial<ProcessInfo> = {}): ProcessInfo {
  return {
    pid, ppid: 1, started: BigInt(pid), executable: argv[0]?.startsWith("/") ? argv[0] : `/usr/bin/${(argv[0] ?? "").replace(/^-/u, "")}`, argv,
    cwd: "/home/dev", processGroup: 100, foregroundGroup: 100, ...more,
  };
}
