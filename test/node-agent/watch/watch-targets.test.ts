import { expect, test } from "vitest";
import { systemClock } from "../../../core/clock.js";
import type { DetectedTarget } from "../../../core/domain/detection.js";
import { type Watchable, watchTargets } from "../../../node-agent/watch/watch-targets.js";

function pane(paneId: string, watch: Watchable["watch"]): Watchable {
  const seen = { target: { server: "/tmp/s", paneId, panePid: 1 }, detection: { agentKind: "claude", state: "idle" } } as DetectedTarget;
  return { target: seen.target, see: () => Promise.resolve(seen), watch };
}

test("panes are put under watch together, and one that has gone meanwhile holds up none", async () => {
  const asked: string[] = [];
  let letGo = (): void => undefined;
  const allAsked = new Promise<void>((resolve) => (letGo = resolve));
  const watchable = (paneId: string, isThere: boolean): Watchable => pane(paneId, async () => {
    if (asked.push(paneId) === 3) letGo();
    await allAsked;
    if (!isThere) throw new Error("gone");
    return () => undefined;
  });
  const panes = [watchable("%1", true), watchable("%2", false), watchable("%3", true)];
  const stop = new AbortController();
  const events = watchTargets({ clock: systemClock, list: () => Promise.resolve(panes) }, stop.signal);
  const told = [await events.next(), await events.next()].map(({ value }) => (value as DetectedTarget).target.paneId);
  expect(told).toEqual(["%1", "%3"]);
  stop.abort();
  await expect(events.next()).rejects.toThrow();
});
