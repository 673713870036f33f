import { setMaxListeners } from "node:events";
import type { Clock } from "../../core/clock.js";
import type { DetectedTarget } from "../../core/domain/detection.js";
import type { ResolvedTarget } from "../../core/domain/target.js";
import type { WatchEvent } from "../../core/domain/watch-event.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { Bell } from "../delivery/bell.js";

export interface Watchable {
  readonly target: ResolvedTarget;
  see(): Promise<DetectedTarget>;
  watch(onChange: () => void): Promise<() => void>;
}

export interface WatchDeps {
  readonly clock: Clock;
  /** The panes to watch, as they are now. */
  list(): Promise<Watchable[]>;
}

/** New panes and panes of new servers are found by looking; this often. */
const relistMs = 2_000;
/** A spinner redraws ten times a second: a pane is read at most this often. */
const quietMs = 100;

interface Watched {
  readonly pane: Watchable;
  readonly stop: () => void;
  told: DetectedTarget | undefined;
  changed: boolean;
}

/** State of panes, at once and whenever it changes. */
export async function* watchTargets(deps: WatchDeps, signal: AbortSignal): AsyncGenerator<WatchEvent> {
  const bell = new Bell();
  const watched = new Map<string, Watched>();
  setMaxListeners(0, signal);
  try {
    let relistAt = 0;
    for (;;) {
      const now = deps.clock.monotonicMs();
      if (now >= relistAt) {
        yield* await relist(deps, watched, bell);
        relistAt = now + relistMs;
      }
      for (const entry of watched.values()) {
        const event = await readChange(entry);
        if (event) yield event;
      }
      await bell.wait(deps.clock, Math.max(1, relistAt - deps.clock.monotonicMs()), signal);
      await pause(deps.clock, quietMs, signal);
    }
  } finally {
    for (const entry of watched.values()) entry.stop();
  }
}

async function relist(deps: WatchDeps, watched: Map<string, Watched>, bell: Bell): Promise<WatchEvent[]> {
  const panes = await deps.list().catch((error: unknown) => {
    // The one pane that was asked for has gone, or its server: that is news, unless it was never there.
    if (error instanceof DispatchError && watched.size > 0) return [];
    throw error;
  });
  const present = new Set(panes.map((pane) => keyOf(pane.target)));
  const gone: WatchEvent[] = [];
  for (const [key, entry] of watched) {
    if (present.has(key)) continue;
    entry.stop();
    watched.delete(key);
    if (entry.told) gone.push({ ...entry.told, gone: true });
  }
  // All at once: tmux is asked where its panes are once for them, not once for each.
  const added = await Promise.all(panes.filter(({ target }) => !watched.has(keyOf(target))).map((pane) => beginToWatch(pane, bell)));
  for (const entry of added) if (entry) watched.set(keyOf(entry.pane.target), entry);
  return gone;
}

/** Undefined where the pane has gone meanwhile. */
async function beginToWatch(pane: Watchable, bell: Bell): Promise<Watched | undefined> {
  const entry: Watched = { pane, told: undefined, changed: true, stop: () => undefined };
  const stop = await pane.watch(() => {
    entry.changed = true;
    bell.ring();
  }).catch(() => undefined);
  return stop && Object.assign(entry, { stop });
}

async function readChange(entry: Watched): Promise<WatchEvent | undefined> {
  if (!entry.changed) return undefined;
  entry.changed = false;
  const seen = await entry.pane.see().catch(() => undefined);
  if (!seen || (entry.told && summary(entry.told) === summary(seen))) return undefined;
  entry.told = seen;
  return { ...seen, gone: false };
}

function summary({ detection: d }: DetectedTarget): string {
  return JSON.stringify([d.targetKind, d.agentKind, d.state, d.hasDraft, d.actionNeeded, d.sessionId, d.agentPid]);
}

function keyOf(target: ResolvedTarget): string {
  return `${target.server} ${target.paneId} ${target.panePid}`;
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await new Bell().wait(clock, ms, signal);
}
