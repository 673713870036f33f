import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../../core/clock.js";
import type { DeliveryOptions, DeliveryUpdate } from "../../../core/domain/delivery.js";
import { deliveryOptions } from "../../../core/domain/delivery-options.js";
import { DispatchError } from "../../../core/errors/dispatch-error.js";
import { DeliveryDesk, type DeliveryRequest } from "../../../node-agent/delivery/delivery-desk.js";
import { DeliveryLog } from "../../../node-agent/delivery/delivery-log.js";
import { PaneLocks } from "../../../node-agent/delivery/pane-locks.js";
import type { ProcessFacts } from "../../../node-agent/processes/process-facts.js";
import { Journal, JournalUnwritable } from "../../../node-agent/store/journal.js";
import { FakeAgentPane } from "../../testkit/fake-agent-pane.js";

let folder: string;
let pane: FakeAgentPane;
const lives: { desk: DeliveryDesk; journal: Journal }[] = [];
const facts: ProcessFacts = { tree: async () => [], started: async () => undefined, ownPid: async (pid) => pid, environment: async () => new Map([["HOME", "/home/dev"]]), openFiles: async () => [] };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "delivery-desk-"));
  writeFileSync(join(folder, "record.jsonl"), "");
  pane = new FakeAgentPane(join(folder, "record.jsonl"));
});
afterEach(async () => {
  for (const { desk, journal } of lives.splice(0)) {
    await desk.close();
    journal.close();
  }
  rmSync(folder, { recursive: true });
});

/** One life of a node over the same journal. */
function newLife(): DeliveryDesk {
  const journal = new Journal(join(folder, "journal.db"), "here");
  const deps = {
    clock: systemClock, facts, journal, log: new DeliveryLog(journal, systemClock), locks: new PaneLocks(), turns: new Map(),
    resolve: async () => {
      if (gone) throw new DispatchError("not_found", "There is no such pane.");
      return pane;
    },
    adapterOf: () => pane.adapter,
  };
  const desk = new DeliveryDesk(deps, "here");
  lives.push({ desk, journal });
  return desk;
}
let gone = false;
beforeEach(() => {
  gone = false;
});

const options: DeliveryOptions = deliveryOptions({ timeoutMs: 4_000 });
const request = (prompt: string, more: Partial<DeliveryOptions> = {}, key = ""): DeliveryRequest =>
  ({ deliveryId: "", key, address: { machine: "", server: "", pane: "%1" }, requestedTarget: "%1", prompt, options: { ...options, ...more } });

async function deliver(desk: DeliveryDesk, r: DeliveryRequest): Promise<DeliveryUpdate[]> {
  const updates: DeliveryUpdate[] = [];
  for await (const update of desk.deliver(r, new AbortController().signal)) updates.push(update);
  return updates;
}
const steps = (updates: readonly DeliveryUpdate[]): string => updates.map((update) => update.step).join(" ");
const last = (updates: readonly DeliveryUpdate[]): NonNullable<DeliveryUpdate["delivery"]> => {
  const delivery = updates.at(-1)?.delivery;
  if (!delivery) throw new Error("the stream ended without the delivery");
  return delivery;
};

describe("the ladder", () => {
  it("goes from accepted to delivered, with the record as evidence", async () => {
    const updates = await deliver(newLife(), request("run the tests"));
    expect(steps(updates)).toBe("accepted typed parked submitted delivered");
    expect(last(updates)).toMatchObject({ status: "delivered", presses: 1, evidence: { source: "record", exact: true, transformation: [] } });
    expect(pane.pastes).toEqual(["run the tests"]);
    expect(pane.keys).toEqual(["Enter"]);
  });

  it("looks once between the paste and the key: when the pane tells of the text", async () => {
    const looks: string[] = [];
    const see = pane.see.bind(pane);
    pane.see = () => {
      looks.push(`${pane.pastes.length} pasted, ${pane.keys.length} pressed`);
      return see();
    };
    expect(last(await deliver(newLife(), request("run the tests")))).toMatchObject({ status: "delivered" });
    expect(looks.filter((look) => look.endsWith("0 pressed"))).toEqual(["0 pasted, 0 pressed", "1 pasted, 0 pressed"]);
  });

  it("looks all the same where the pane tells nothing", async () => {
    pane.watch = async () => () => undefined;
    expect(steps(await deliver(newLife(), request("run the tests")))).toBe("accepted typed parked submitted delivered");
  });

  it("ends with the answer where the caller waits for it", async () => {
    const updates = await deliver(newLife(), request("run", { waitFor: "finished" }));
    expect(steps(updates)).toBe("accepted typed parked submitted delivered working finished");
    expect(last(updates).answer).toBe("answer to run");
  });

  it("presses only the key again when the key was swallowed", async () => {
    pane.swallowEnters = 2;
    const updates = await deliver(newLife(), request("run"));
    expect(last(updates)).toMatchObject({ status: "delivered", presses: 3 });
    expect(pane.pastes).toEqual(["run"]);
  });

  it("leaves the text in the composer with noSubmit, and types nothing with dryRun", async () => {
    expect(last(await deliver(newLife(), request("run", { dryRun: true }))).status).toBe("dry_run");
    expect(pane.pastes).toEqual([]);
    expect(last(await deliver(newLife(), request("run", { noSubmit: true }))).status).toBe("typed");
    expect(pane.keys).toEqual([]);
  });
});

describe("the disk", () => {
  it("is waited for by the key, and not by the text", async () => {
    const desk = newLife();
    const { journal } = lives.at(-1)!;
    const written: (() => void)[] = [];
    journal.onDisk = () => new Promise((resolve) => written.push(resolve));
    const delivering = deliver(desk, request("run"));
    await vi.waitFor(() => expect(pane.composer).toBe("run"));
    await vi.waitFor(() => expect(written.length).toBe(2));
    written[0]!();
    await vi.waitFor(() => expect(journal.list(undefined, 1)[0]?.steps.map(({ step }) => step)).toEqual(["accepted", "typed", "parked"]));
    expect(pane.keys).toEqual([]);
    written[1]!();
    expect(last(await delivering)).toMatchObject({ status: "delivered", presses: 1 });
  });

  it("that fails leaves the text without a key, and says so", async () => {
    const desk = newLife();
    lives.at(-1)!.journal.onDisk = () => Promise.reject(new DispatchError("state_unwritable", "The disk does not take it."));
    const delivery = last(await deliver(desk, request("run")));
    expect(delivery).toMatchObject({ status: "unconfirmed", reason: "state_unwritable", presses: 0 });
    expect(delivery.detail).toBe("The disk does not take it. The text was typed; the key was not pressed, and the text may be in the composer.");
    expect(pane.keys).toEqual([]);
  });
});

describe("refusals", () => {
  it.each<[string, () => void, Partial<DeliveryOptions>, string]>([
    ["a dialog", () => (pane.state = "dialog"), {}, "dialog_open"],
    ["a menu", () => (pane.state = "menu"), {}, "menu_open"],
    ["a busy agent", () => (pane.state = "busy"), {}, "agent_busy"],
    ["a draft", () => (pane.composer = "half a thou"), { onDraft: "refuse" }, "draft_present"],
    ["a draft that stays", () => (pane.composer = "half a thou"), {}, "draft_present"],
    ["a draft while busy", () => { pane.state = "busy"; pane.composer = "half"; }, { onBusy: "queue", onDraft: "refuse" }, "draft_present"],
    ["a shell", () => (pane.process = undefined), {}, "is_shell"],
    ["steering where the agent cannot", () => (pane.state = "busy"), { onBusy: "steer" }, "cannot_queue"],
    ["a screen that is not understood", () => (pane.state = "unknown"), {}, "state_unknown"],
    ["a pane that is gone", () => (gone = true), {}, "not_found"],
  ])("%s", async (_name, arrange, more, reason) => {
    arrange();
    const composer = pane.composer;
    const delivery = last(await deliver(newLife(), request("run", more)));
    expect(delivery).toMatchObject({ status: "refused", reason });
    expect(pane.pastes).toEqual([]);
    expect(pane.keys).toEqual([]);
    expect(pane.composer).toBe(composer);
  });

  it("leaves copy mode, then types", async () => {
    pane.inMode = true;
    expect(last(await deliver(newLife(), request("run"))).status).toBe("delivered");
  });

  it("waits a little for a draft that its writer sends", async () => {
    pane.composer = "mine";
    const updates = deliver(newLife(), request("run"));
    await expect.poll(() => lives[0]?.journal.list(undefined, 1)[0]?.steps.at(-1)?.step).toBe("waiting");
    pane.submit();
    pane.changed();
    expect(last(await updates).status).toBe("delivered");
  });
});

describe("between look and act", () => {
  it("looks again when the pane changed before the paste", async () => {
    let changes = 2;
    pane.beforeType = () => {
      if (changes-- > 0) pane.changed();
    };
    expect(last(await deliver(newLife(), request("run"))).status).toBe("delivered");
    expect(pane.pastes).toEqual(["run"]);
  });

  it("looks again also where the text alone tells whose record it is in", async () => {
    const record = pane.record.bind(pane);
    pane.record = () => ({ ...record(), namedByProcess: false });
    let changes = 2;
    pane.beforeType = () => {
      if (changes-- > 0) pane.changed();
    };
    expect(last(await deliver(newLife(), request("run"))).status).toBe("delivered");
    expect(pane.pastes).toEqual(["run"]);
  });

  it("text of another node that was typed and not submitted is given time to show", async () => {
    pane.typedMark = "0123456789ab";
    const sent = deliver(newLife(), request("run"));
    await expect.poll(() => lives[0]?.journal.list(undefined, 1)[0]?.steps.at(-1)?.reason).toBe("locked_by_other");
    expect(pane.pastes).toEqual([]);
    pane.pressedMark = "0123456789ab:1";
    pane.changed();
    expect(last(await sent).status).toBe("delivered");
  });

  it("does not press when a dialog came up over the paste", async () => {
    pane.afterType = () => {
      pane.composer = "";
      pane.state = "dialog";
    };
    pane.beforePress = () => expect.unreachable("the key would answer the dialog");
    const stopped = deliver(newLife(), request("run", { timeoutMs: 700 }));
    expect(last(await stopped).status).toBe("unconfirmed");
    expect(pane.keys).toEqual([]);
  });

  it("does not press when somebody typed into our text", async () => {
    pane.afterType = () => {
      pane.composer += " and mine";
      pane.changed();
    };
    expect(last(await deliver(newLife(), request("run")))).toMatchObject({ status: "failed", reason: "composer_mixed" });
    expect(pane.keys).toEqual([]);
    expect(pane.composer).toBe("run and mine");
  });

  it("does not press when somebody typed between parked and the key", async () => {
    let first = true;
    pane.beforePress = () => {
      if (!first) return;
      first = false;
      pane.composer += "!!";
      pane.changed();
    };
    const delivery = last(await deliver(newLife(), request("run", { timeoutMs: 8_000 })));
    expect(delivery).toMatchObject({ status: "failed", reason: "composer_mixed", presses: 0 });
    expect(pane.keys).toEqual([]);
  }, 15_000);

  it("tells an agent that was replaced from the one that was seen", async () => {
    pane.afterType = () => {
      pane.process = { ...pane.process!, pid: 999 };
      pane.changed();
    };
    expect(last(await deliver(newLife(), request("run")))).toMatchObject({ status: "unconfirmed", reason: "pane_changed" });
    expect(pane.keys).toEqual([]);
  });

  it.each(["afterType", "afterPress"] as const)("an agent that is not seen for an instant (%s) is not taken for gone", async (hook) => {
    const unseen = pane;
    unseen.swallowEnters = 1;
    unseen[hook] = () => {
      unseen[hook] = () => undefined;
      unseen.unseen = true;
      systemClock.after(300, () => {
        unseen.unseen = false;
        unseen.changed();
      });
    };
    expect(last(await deliver(newLife(), request("run")))).toMatchObject({ status: "delivered", presses: 2 });
    expect(pane.pastes).toEqual(["run"]);
  });

  it("an agent that stays unseen is gone", async () => {
    pane.afterType = () => {
      pane.unseen = true;
    };
    expect(last(await deliver(newLife(), request("run", { timeoutMs: 20_000 })))).toMatchObject({ status: "unconfirmed", reason: "pane_changed", presses: 0 });
  });

  it("presses one key for a prompt that the agent turns away", async () => {
    pane.rejects = true;
    expect(last(await deliver(newLife(), request("run")))).toMatchObject({ status: "failed", reason: "prompt_blocked", presses: 1 });
    expect(pane.keys).toEqual(["Enter"]);
  });

  it("types nothing into an agent that is stopped", async () => {
    pane.process = { ...pane.process!, stopped: true };
    pane.state = "wedged";
    expect(last(await deliver(newLife(), request("run")))).toMatchObject({ status: "refused", reason: "agent_wedged" });
    expect(pane.pastes).toEqual([]);
  });

  it.each(["afterType", "afterPress"] as const)("keeps its key from an agent that is stopped (%s) until that goes on", async (hook) => {
    pane.swallowEnters = hook === "afterPress" ? 1 : 0;
    pane[hook] = () => {
      pane[hook] = () => undefined;
      pane.process = { ...pane.process!, stopped: true };
      pane.changed();
    };
    const stopped = pane;
    let keysWhileStopped = -1;
    systemClock.after(1_500, () => {
      keysWhileStopped = stopped.keys.length;
      stopped.process = { ...stopped.process!, stopped: false };
      stopped.changed();
    });
    expect(last(await deliver(newLife(), request("run")))).toMatchObject({ status: "delivered" });
    expect(keysWhileStopped).toBe(hook === "afterPress" ? 1 : 0);
    expect(pane.pastes).toEqual(["run"]);
  });

  it("does not claim what neither record nor screen shows", async () => {
    pane.submit = () => {
      pane.composer = "";
    };
    expect(last(await deliver(newLife(), request("run", { timeoutMs: 600 })))).toMatchObject({ status: "unconfirmed", reason: "no_proof" });
  });

  describe("where the text alone tells whose record it is in", () => {
    beforeEach(() => {
      const record = pane.record.bind(pane);
      pane.record = () => ({ ...record(), namedByProcess: false });
    });

    it("does not claim a text that came into the record another way while the pane still shows it unsent", async () => {
      pane.swallowEnters = 99;
      pane.afterPress = () => pane.take("run");
      const desk = newLife();
      const delivery = last(await deliver(desk, request("run", { timeoutMs: 1_500 })));
      expect(delivery).toMatchObject({ status: "unconfirmed", reason: "no_proof", presses: 1 });
      expect(delivery.detail).toContain("still shows it unsent");
      expect(pane.composer).toBe("run");
      expect((await desk.get(delivery.id)).status).toBe("unconfirmed");
      pane.composer = "";
      expect((await desk.get(delivery.id)).status).toBe("unconfirmed");
    });

    it("claims it as soon as the pane has let go of it", async () => {
      pane.swallowEnters = 1;
      pane.afterPress = () => pane.take("run");
      const delivering = deliver(newLife(), request("run"));
      await expect.poll(() => pane.keys.length).toBe(1);
      pane.composer = "";
      pane.changed();
      expect(last(await delivering)).toMatchObject({ status: "delivered", presses: 1 });
    });
  });

  it("finds late proof when it is asked again", async () => {
    pane.submit = () => {
      pane.composer = "";
    };
    const desk = newLife();
    const { id } = last(await deliver(desk, request("run", { timeoutMs: 400 })));
    expect((await desk.get(id)).status).toBe("unconfirmed");
    pane.take("run");
    expect(await desk.get(id)).toMatchObject({ status: "delivered", evidence: { source: "record" } });
  });

  it("does not take the proof of another delivery of the same text for late proof", async () => {
    const submit = pane.submit.bind(pane);
    pane.submit = () => {
      pane.composer = "";
    };
    const desk = newLife();
    const { id } = last(await deliver(desk, request("run", { timeoutMs: 400 })));
    pane.submit = submit;
    const second = last(await deliver(desk, request("run")));
    expect(second.status).toBe("delivered");
    expect((await desk.get(id)).status).toBe("unconfirmed");
    pane.take("run");
    expect((await desk.get(second.id)).evidence?.locator).toBe(second.evidence?.locator);
  });
});

describe("right after a delivery", () => {
  it("does not take the moment before its turn for idleness", async () => {
    pane.submit = () => {
      appendFileSync(pane.recordPath, `${JSON.stringify({ timestamp: new Date().toISOString(), event: { type: "user", texts: [pane.composer] } })}\n`);
      pane.composer = "";
    };
    const desk = newLife();
    expect(last(await deliver(desk, request("one"))).status).toBe("delivered");
    const see = pane.see.bind(pane);
    let looks = 0;
    pane.see = () => {
      if (++looks > 1) pane.state = "busy";
      return see();
    };
    expect(last(await deliver(desk, request("two")))).toMatchObject({ status: "refused", reason: "agent_busy" });
    expect(pane.pastes).toEqual(["one"]);
  });

  it("types at once where the record says that the turn is over", async () => {
    const desk = newLife();
    await deliver(desk, request("one"));
    let looksBefore = 0;
    let typed = false;
    const see = pane.see.bind(pane);
    pane.beforeType = () => (typed = true);
    pane.see = () => {
      if (!typed) looksBefore++;
      return see();
    };
    expect(last(await deliver(desk, request("two"))).status).toBe("delivered");
    expect(looksBefore).toBeLessThan(3);
  });

  // Seen with Codex 0.171.0, Gemini CLI 0.61.0 (20 to 50 ms) and OpenCode 1.18.33 (50 to 200 ms).
  it.each(["delivered", "finished"] as const)("does not take a screen that is behind the end of the turn for another one (%s)", async (waitFor) => {
    const desk = newLife();
    await deliver(desk, request("one", { waitFor }));
    pane.state = "busy";
    const see = pane.see.bind(pane);
    let looks = 0;
    pane.see = () => {
      if (++looks === 3) pane.state = "idle";
      return see();
    };
    expect(last(await deliver(desk, request("two", { waitFor })))).toMatchObject({ status: "delivered", reason: "" });
    expect(pane.pastes).toEqual(["one", "two"]);
  });

  it("refuses where the agent is still busy when the screen must be right", async () => {
    const desk = newLife();
    await deliver(desk, request("one", { waitFor: "finished" }));
    pane.state = "busy";
    expect(last(await deliver(desk, request("two")))).toMatchObject({ status: "refused", reason: "agent_busy" });
    expect(pane.pastes).toEqual(["one"]);
  });
});

describe("a journal that cannot be written for a while", () => {
  const unwritable = (): never => {
    throw new JournalUnwritable("state_unwritable", "The database cannot be used: database or disk is full.");
  };

  it.each(["typed", "submitted", "delivered"])("goes on from where it was once there is room (%s), and types once", async (step) => {
    const desk = newLife();
    const { journal } = lives[0]!;
    const record = journal.record.bind(journal);
    let full = 2;
    vi.spyOn(journal, "record").mockImplementation((...args) => (args[1]?.step === step && full-- > 0 ? unwritable() : record(...args)));
    expect(last(await deliver(desk, request("run")))).toMatchObject({ status: "delivered" });
    expect(pane.pastes).toEqual(["run"]);
    expect(pane.keys).toEqual(["Enter"]);
  });

  it("says that nothing was typed where it cannot even take the request", async () => {
    const desk = newLife();
    vi.spyOn(lives[0]!.journal, "claim").mockImplementation(unwritable);
    await expect(deliver(desk, request("run"))).rejects.toMatchObject({ reason: "state_unwritable" });
    expect(pane.pastes).toEqual([]);
  });
});

describe("queues", () => {
  it("ends queued for the caller, and goes on to delivered", async () => {
    pane.state = "busy";
    const desk = newLife();
    const { id, status, evidence } = last(await deliver(desk, request("run", { onBusy: "queue" })));
    expect({ status, source: evidence?.source }).toEqual({ status: "queued", source: "record" });
    pane.becomeIdle();
    await expect.poll(async () => (await desk.get(id)).status).toBe("delivered");
  });

  /** As Codex does: what it has queued stands on the screen alone. */
  function queueOnScreen(): void {
    pane.state = "busy";
    pane.submit = () => {
      pane.queued = [...pane.queued, pane.composer];
      pane.composer = "";
    };
  }

  function takeFirst(): void {
    const [text = "", ...rest] = pane.queued;
    pane.queued = rest;
    pane.take(text);
  }

  it("takes one entry of the record for the proof of one of two equal prompts", async () => {
    queueOnScreen();
    const desk = newLife();
    const ids: string[] = [];
    for (let n = 0; n < 2; n++) ids.push(last(await deliver(desk, request("again", { onBusy: "queue" }))).id);
    const ends = (): Promise<string[]> => Promise.all(ids.map(async (id) => (await desk.get(id)).status)).then((all) => all.toSorted());
    takeFirst();
    await expect.poll(ends).toEqual(["delivered", "queued"]);
    await new Promise((done) => setTimeout(done, 700));
    expect(await ends()).toEqual(["delivered", "queued"]);
    takeFirst();
    await expect.poll(ends).toEqual(["delivered", "delivered"]);
    const locators = await Promise.all(ids.map(async (id) => (await desk.get(id)).evidence?.locator));
    expect(new Set(locators).size).toBe(2);
  });

  it("does not take the text that another delivery types for its own that came back from the queue", async () => {
    queueOnScreen();
    const desk = newLife();
    const first = last(await deliver(desk, request("again", { onBusy: "queue" })));
    pane.beforePress = () => new Promise((done) => setTimeout(done, 700));
    const second = last(await deliver(desk, request("again", { onBusy: "queue" })));
    expect([(await desk.get(first.id)).status, second.status]).toEqual(["queued", "queued"]);
  });

  // Seen with Gemini CLI 0.61.0 whose MCP server hangs: it looks idle, and queues its first prompt.
  it("says where the prompt is when an agent that looked idle has it in its queue to the end", async () => {
    const submit = pane.submit.bind(pane);
    pane.submit = () => {
      pane.state = "busy";
      submit();
    };
    const delivery = last(await deliver(newLife(), request("run", { timeoutMs: 900 })));
    expect(delivery).toMatchObject({ status: "unconfirmed", reason: "no_proof" });
    expect(delivery.detail).toContain("in its queue");
  });

  it("keeps prompts for later in order, across a restart, and types each once", async () => {
    pane.state = "busy";
    const first = newLife();
    const accepted = ["one", "two", "three"].map((prompt) => deliver(first, request(prompt, { onBusy: "when_idle", waitFor: "accepted", timeoutMs: 30_000 })));
    await Promise.all(accepted);
    await expect.poll(() => lives[0]?.journal.list(undefined, 3).some((d) => d.steps.at(-1)?.step === "waiting")).toBe(true);
    await first.close();
    expect(pane.pastes).toEqual([]);
    const second = newLife();
    await second.recover();
    pane.becomeIdle();
    await expect.poll(() => pane.pastes, { timeout: 5_000 }).toEqual(["one", "two", "three"]);
    await expect.poll(() => lives[1]?.journal.list("delivered", 10).length, { timeout: 5_000 }).toBe(3);
  });

  it("expires without typing when the agent never becomes idle", async () => {
    pane.state = "busy";
    const delivery = last(await deliver(newLife(), request("run", { onBusy: "when_idle", timeoutMs: 200 })));
    expect(delivery).toMatchObject({ status: "expired", reason: "deadline_exceeded" });
    expect(pane.pastes).toEqual([]);
  });
});

describe("keys", () => {
  it("joins the running delivery, replays the ended one, and refuses another body", async () => {
    const desk = newLife();
    const [a, b] = await Promise.all([deliver(desk, request("run", {}, "k")), deliver(desk, request("run", {}, "k"))]);
    const c = await deliver(desk, request("run", {}, "k"));
    expect([last(a).id, last(b).id, last(c).id]).toEqual([last(a).id, last(a).id, last(a).id]);
    expect(steps(c)).toBe(steps(a));
    await expect(deliver(desk, request("walk", {}, "k"))).rejects.toMatchObject({ reason: "key_conflict" });
    expect(pane.pastes).toEqual(["run"]);
  });

  it("types one after the other when many come at once", async () => {
    const desk = newLife();
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => deliver(desk, request(`prompt ${n}`, { timeoutMs: 20_000 }))));
    expect(all.map((updates) => last(updates).status)).toEqual(Array.from({ length: 8 }, () => "delivered"));
    expect(pane.pastes).toHaveLength(8);
  });

  it("cancels what was not submitted, and says so of what was", async () => {
    pane.state = "busy";
    const desk = newLife();
    const waiting = deliver(desk, request("run", { onBusy: "when_idle" }, "c"));
    await expect.poll(() => lives[0]?.journal.find("c")?.delivery.steps.at(-1)?.step).toBe("waiting");
    expect(await desk.cancel("c")).toMatchObject({ cancelled: true });
    expect(last(await waiting).status).toBe("cancelled");
    pane.state = "idle";
    await deliver(desk, request("run", {}, "d"));
    expect(await desk.cancel("d")).toMatchObject({ cancelled: false, delivery: { status: "delivered" } });
  });
});

describe("a node that is killed", () => {
  /** Stops the first life for good at one instant: nothing that it awaits there ever comes back. */
  async function killAt(hook: "beforeType" | "afterType" | "beforePress" | "afterPress", arrange: () => void = () => undefined): Promise<DeliveryDesk> {
    const first = newLife();
    const killed = new Promise<void>((resolve) => {
      pane[hook] = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    void deliver(first, request("run", { timeoutMs: 20_000 }, "k"));
    await killed;
    lives.shift();
    pane[hook] = () => undefined;
    arrange();
    const second = newLife();
    await second.recover();
    return second;
  }

  it.each(["beforeType", "afterType", "beforePress", "afterPress"] as const)("%s: the next life finishes it, once", async (hook) => {
    const desk = await killAt(hook);
    await expect.poll(async () => (await desk.get("k")).status, { timeout: 5_000 }).toBe("delivered");
    expect(pane.pastes).toEqual(["run"]);
    expect(pane.keys).toEqual(["Enter"]);
  });

  it("after the paste, with another agent in the pane now: nothing is claimed, nothing typed", async () => {
    const desk = await killAt("afterType", () => {
      pane.process = { ...pane.process!, pid: 999 };
      pane.composer = "";
    });
    await expect.poll(async () => (await desk.get("k")).status, { timeout: 5_000 }).toBe("unconfirmed");
    expect(pane.keys).toEqual([]);
  });

  it("after the key, with the pane gone: the record alone proves it", async () => {
    const desk = await killAt("afterPress", () => (gone = true));
    await expect.poll(async () => (await desk.get("k")).status, { timeout: 5_000 }).toBe("delivered");
  });

  it("before the paste, with somebody else's paste since: nothing is typed", async () => {
    const desk = await killAt("beforeType", () => (pane.typedMark = "another"));
    await expect.poll(async () => (await desk.get("k")).status, { timeout: 5_000 }).toBe("unconfirmed");
    expect(pane.pastes).toEqual([]);
  });
});
