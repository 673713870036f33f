import { strict as assert } from "node:assert";
import { newToken } from "../suite/agent-desk.js";
import { assertDelivered, assertRefused, type Scene } from "./scene.js";

/** A turn is running. */
export const busy: readonly Scene[] = [
  {
    name: "busy: refused by default",
    async run({ agent }) {
      const [first, token] = [newToken(), newToken()];
      await agent.makeBusy(first);
      await assertRefused(agent, token, await agent.send(`hello ${token}`), ["agent_busy"]);
      agent.release();
      await agent.idle();
    },
  },
  {
    name: "busy, --queue twice: queued, then delivered, each once",
    async run({ agent }) {
      const [first, one, two] = [newToken(), newToken(), newToken()];
      await agent.makeBusy(first);
      const a = await agent.send(`queued one ${one}`, { onBusy: "queue" });
      const b = await agent.send(`queued two ${two}`, { onBusy: "queue" });
      for (const delivery of [a, b]) assert.ok(["queued", "delivered"].includes(delivery.status), `${delivery.status} (${delivery.reason}) ${delivery.detail}`);
      agent.release();
      await assertDelivered(agent, `queued one ${one}`, one, await agent.settled(a));
      await assertDelivered(agent, `queued two ${two}`, two, await agent.settled(b));
      await agent.idle();
    },
  },
  {
    name: "busy, --steer: into the running turn",
    kinds: ["codex"],
    async run({ agent }) {
      const [first, token] = [newToken(), newToken()];
      await agent.makeBusy(first);
      // Codex holds it until its model says something (0.169.0); until then it is queued, and said to be.
      const steered = await agent.send(`steer ${token}`, { onBusy: "steer" });
      assert.ok(["queued", "delivered"].includes(steered.status), `${steered.status} (${steered.reason}) ${steered.detail}`);
      agent.release();
      await assertDelivered(agent, `steer ${token}`, token, await agent.settled(steered));
      await agent.idle();
    },
  },
  {
    name: "busy, --steer where the agent cannot: refused",
    kinds: ["claude", "gemini", "opencode"],
    async run({ agent }) {
      const [first, token] = [newToken(), newToken()];
      await agent.makeBusy(first);
      await assertRefused(agent, token, await agent.send(`steer ${token}`, { onBusy: "steer" }), ["cannot_queue"]);
      agent.release();
      await agent.idle();
    },
  },
  {
    name: "busy, --when-idle twice: delivered afterwards, in order",
    async run({ agent }) {
      const [first, one, two] = [newToken(), newToken(), newToken()];
      await agent.makeBusy(first);
      const a = agent.send(`later one ${one}`, { onBusy: "when_idle" });
      const b = agent.send(`later two ${two}`, { onBusy: "when_idle" });
      assert.deepEqual(await agent.texts(one, { timeoutMs: 500 }), []);
      assert.ok(!(await agent.screen()).includes(one), "it was typed into the busy agent");
      agent.release();
      await assertDelivered(agent, `later one ${one}`, one, await a);
      await assertDelivered(agent, `later two ${two}`, two, await b);
      const order = agent.turns().flatMap((turn) => turn.texts);
      assert.ok(order.findIndex((text) => text.includes(one)) < order.findIndex((text) => text.includes(two)), "out of order");
      await agent.idle();
    },
  },
  {
    name: "a queued prompt that a person takes back: withdrawn",
    kinds: ["claude"],
    async run({ agent }) {
      const [first, token] = [newToken(), newToken()];
      await agent.makeBusy(first);
      const queued = await agent.send(`queued ${token}`, { onBusy: "queue" });
      assert.equal(queued.status, "queued", `${queued.status} (${queued.reason})`);
      await agent.keys("Up");
      await agent.sees((screen) => !screen.includes("Press up to edit"));
      await agent.keys("C-u");
      agent.release();
      const delivery = await agent.settled(queued);
      assert.equal(delivery.status, "withdrawn", `${delivery.status} (${delivery.reason}) ${delivery.detail}`);
      assert.deepEqual(await agent.texts(token, { timeoutMs: 500 }), []);
      await agent.idle();
    },
  },
];
