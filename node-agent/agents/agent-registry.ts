import type { AgentAdapter } from "./agent-adapter.js";

/** All agents that are known here, built in and by profile. */
export class AgentRegistry {
  readonly adapters: readonly AgentAdapter[];

  constructor(adapters: readonly AgentAdapter[]) {
    this.adapters = adapters;
  }

  get kinds(): string[] {
    return this.adapters.map((adapter) => adapter.kind);
  }

  byKind(kind: string): AgentAdapter | undefined {
    return this.adapters.find((adapter) => adapter.kind === kind);
  }
}
