/** Who a node is and what it can do. */
export interface NodeDescription {
  readonly machine: string;
  /** Other names of the machine. */
  readonly aliases: readonly string[];
  /** Contract version that it speaks. */
  readonly contract: string;
  /** Version of this package. */
  readonly version: string;
  readonly pid: number;
  readonly startedAt: Date;
  /** Version that `tmux -V` prints; empty where there is no tmux. */
  readonly tmuxVersion: string;
  readonly agentKinds: readonly string[];
  /** Socket paths of the tmux servers that answer. */
  readonly servers: readonly string[];
  readonly platform: string;
  /** Home folder of the user that it runs as. */
  readonly home: string;
}
