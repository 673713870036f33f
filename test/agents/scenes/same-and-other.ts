import { strict as assert } from "node:assert";
import { newToken } from "../suite/agent-desk.js";
import { assertDelivered, type Scene } from "./scene.js";

/** Which text, which agent, which session: what could be mixed up. */
export const sameAndOther: readonly Scene[] = [
  {
    name: "waiting for the end of the turn: the answer comes back",
    async run({ desk, agent }) {
      for (let round = 1; round <= 4; round++) {
        const token = newToken();
        const answer = `The answer is ${newToken("A")}.`;
        desk.model.script.enqueue({ text: answer, delayMs: round % 2 === 0 ? 700 : 0 }, agent.name);
        const delivery = await agent.send(`ask ${token}`, { waitFor: "finished", timeoutMs: 20_000 });
        await assertDelivered(agent, `ask ${token}`, token, delivery);
        assert.equal(delivery.steps.at(-1)?.step, "finished", `round ${round}: the last step is ${delivery.steps.at(-1)?.step}: ${delivery.detail}`);
        assert.equal(delivery.answer.trim(), answer);
        await agent.idle();
      }
    },
  },
  {
    name: "one prompt after the other, each at once when the turn before is over: none is refused",
    async run({ agent }) {
      for (let round = 1; round <= 5; round++) {
        const token = newToken();
        const delivery = await agent.send(`next ${token}`, { waitFor: "finished", timeoutMs: 20_000 });
        assert.equal(delivery.steps.at(-1)?.step, "finished", `round ${round}: ${delivery.status} (${delivery.reason}) ${delivery.detail}`);
      }
      await agent.idle();
    },
  },
  {
    name: "the first prompt of a fresh agent: delivered, and its answer comes back",
    async run({ desk }) {
      for (let round = 1; round <= 3; round++) {
        const agent = await desk.start({ until: "composer" });
        const token = newToken();
        const answer = `The answer is ${newToken("A")}.`;
        desk.model.script.enqueue({ text: answer }, agent.name);
        const delivery = await agent.send(`first ${token}`, { waitFor: "finished" });
        await assertDelivered(agent, `first ${token}`, token, delivery.status === "queued" ? await agent.settled(delivery) : delivery);
        assert.equal(delivery.answer.trim(), answer, `round ${round}: the last step is ${delivery.steps.at(-1)?.step}: ${delivery.detail}`);
        await agent.agent.stop();
      }
    },
  },
  {
    name: "the same prompt three times in a row: three turns",
    async run({ agent }) {
      const token = newToken();
      for (let round = 1; round <= 3; round++) {
        const delivery = await agent.send(`again ${token}`);
        assert.equal(delivery.status, "delivered", `${delivery.status} (${delivery.reason}) ${delivery.detail}`);
        assert.equal(delivery.evidence?.source, "record");
        await agent.idle();
        assert.equal((await agent.texts(token, { restMs: 200 })).length, round);
      }
    },
  },
  {
    name: "the same key twice, at once and later: one turn",
    async run({ agent }) {
      const token = newToken();
      const send = () => agent.send(`once ${token}`, { key: `key-${token}` });
      const [a, b] = await Promise.all([send(), send()]);
      const c = await send();
      for (const delivery of [a, b, c]) assert.equal(delivery.status, "delivered", `${delivery.status} (${delivery.reason})`);
      assert.equal(new Set([a.id, b.id, c.id]).size, 1);
      await assertDelivered(agent, `once ${token}`, token, c);
      await agent.idle();
    },
  },
  {
    name: "two agents in one folder with one home: each gets its own",
    async run({ desk }) {
      const one = await desk.start();
      const two = await desk.start({ beside: one });
      const tokens = [newToken(), newToken()];
      const deliveries = await Promise.all([one.send(`to one ${tokens[0]}`), two.send(`to two ${tokens[1]}`)]);
      await assertDelivered(one, `to one ${tokens[0]}`, tokens[0]!, deliveries[0]);
      await assertDelivered(two, `to two ${tokens[1]}`, tokens[1]!, deliveries[1]);
      await one.sees(new RegExp(tokens[0]!));
      await two.sees(new RegExp(tokens[1]!));
      // The same text to both at once: two turns, in two sessions, each with its own proof.
      await Promise.all([one.idle(), two.idle()]);
      const same = newToken();
      const both = await Promise.all([one.send(`to both ${same}`), two.send(`to both ${same}`)]);
      for (const delivery of both) assert.equal(delivery.status, "delivered", `${delivery.status} (${delivery.reason}) ${delivery.detail}`);
      assert.equal((await one.texts(same, { restMs: 500 })).length, 2);
      assert.notEqual(both[0]?.evidence?.locator, both[1]?.evidence?.locator);
      await Promise.all([one.sees(new RegExp(same)), two.sees(new RegExp(same))]);
      await one.agent.stop();
      await two.agent.stop();
    },
  },
  ...["/clear", "/new"].map((command): Scene => ({
    name: `${command} in between: the next prompt is proven in the new session`,
    // Codex asks in which worktree a /new is to work; OpenCode and Gemini have one of the two.
    kinds: command === "/clear" ? ["claude", "codex", "gemini"] : ["opencode"],
    async run({ agent }) {
      const [before, after] = [newToken(), newToken()];
      const first = await agent.send(`before ${before}`);
      await assertDelivered(agent, `before ${before}`, before, first);
      await agent.idle();
      const cleared = await agent.send(command, { command: true, timeoutMs: 10_000 });
      assert.ok(["delivered", "unconfirmed"].includes(cleared.status), `${cleared.status} (${cleared.reason}) ${cleared.detail}`);
      await agent.sees((screen) => !screen.includes(before));
      await agent.idle();
      const second = await agent.send(`after ${after}`);
      await assertDelivered(agent, `after ${after}`, after, second);
      assert.notEqual(second.evidence?.sessionId, first.evidence?.sessionId);
      await agent.idle();
    },
  })),
];
