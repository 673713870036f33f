import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { PaneLocks } from "../../../node-agent/delivery/pane-locks.js";
import { paneName } from "../../../node-agent/delivery/sight.js";
import { pressKey } from "../../../node-agent/keys/press-key.js";
import { FakeAgentPane } from "../../testkit/fake-agent-pane.js";
import { FakeClock } from "../../testkit/fake-clock.js";

const request = { deliveryId: "", address: { machine: "", server: "/fake", pane: "work:0.0" }, keyName: "page-up" };

describe("pressing a key", () => {
  it("uses tmux's name for it, and keeps that", async () => {
    const pane = new FakeAgentPane(`${tmpdir()}/none`);
    const parts = { machine: "here", clock: new FakeClock("2026-11-24T09:00:00Z"), locks: new PaneLocks(), resolve: async () => pane };
    expect(await pressKey(parts, request)).toMatchObject({ status: "delivered", keyName: "PPage", presses: 1 });
    expect(pane.keys).toEqual(["PPage"]);
  });

  it("waits for a delivery that has the pane, but not for ever", async () => {
    const pane = new FakeAgentPane(`${tmpdir()}/none`);
    const clock = new FakeClock("2026-11-24T09:00:00Z");
    const locks = new PaneLocks();
    await locks.acquire(`pane:${paneName(pane)}`, new AbortController().signal);
    const pressed = pressKey({ machine: "here", clock, locks, resolve: async () => pane }, request);
    await clock.advance(60_000, () => new Promise((resolve) => setImmediate(resolve)));
    expect(await pressed).toMatchObject({ status: "refused", reason: "locked_by_other" });
    expect(pane.keys).toEqual([]);
  });
});
