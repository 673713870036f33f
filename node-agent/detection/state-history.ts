import type { AgentState } from "../../core/domain/detection.js";

interface Seen {
  readonly agent: string;
  readonly state: AgentState;
  readonly since: Date;
  readonly firstSeen: Date;
  /** This agent's screen has been understood before. */
  readonly understood: boolean;
}

/** An agent whose screen was never understood is taken for a starting one this long; real ones took 2 to 20 s to their composer. */
const startingMs = 30_000;

/** What each pane shows since when, as far as this node has looked. */
export class StateHistory {
  readonly #panes = new Map<string, Seen>();

  /** `pane` names the pane and its process, so that a new one starts anew. Tells the state with what came before taken into account. */
  note(pane: string, agent: string, state: AgentState, now: Date): { state: AgentState; since: Date } {
    const before = this.#panes.get(pane);
    const same = before?.agent === agent ? before : undefined;
    const firstSeen = same?.firstSeen ?? now;
    const young = now.getTime() - firstSeen.getTime() < startingMs;
    const told = state === "unknown" && agent !== "" && !same?.understood && young ? "starting" : state;
    const since = same?.state === told ? same.since : now;
    this.#panes.set(pane, { agent, state: told, since, firstSeen, understood: same?.understood === true || (told !== "unknown" && told !== "starting") });
    return { state: told, since };
  }

  /** The agent that was seen in a pane before, or empty. */
  agentOf(pane: string): string {
    return this.#panes.get(pane)?.agent ?? "";
  }

  /** Forgets panes that are gone. */
  keepOnly(panes: ReadonlySet<string>): void {
    for (const pane of this.#panes.keys()) {
      if (!panes.has(pane)) this.#panes.delete(pane);
    }
  }
}
