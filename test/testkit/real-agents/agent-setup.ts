/** Where one agent is to live, and whom it is to ask. */
export interface SetupRequest {
  /** Fresh HOME, exists. */
  readonly home: string;
  /** Working folder, a git repository. */
  readonly cwd: string;
  /** Base URL of the model server for this agent, without a version part. */
  readonly modelUrl: string;
  /** False for a HOME that an earlier run of the agent has used: its files are left alone. */
  readonly fresh: boolean;
}

/** What has to be in place before the agent's program starts. */
export interface AgentSetup {
  readonly environment: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
}
