import { strict as assert } from "node:assert";
import { newToken, pause } from "../suite/agent-desk.js";
import { assertDelivered, assertTrue, type Scene } from "./scene.js";

/** Other parts fail. */
export const trouble: readonly Scene[] = [
  {
    name: "the model refuses connections: what is said stays true when it comes back",
    async run({ desk, agent }) {
      const token = newToken();
      await desk.model.refuse();
      const run = agent.send(`hello ${token}`, { timeoutMs: 60_000 });
      await pause(2500);
      await desk.model.accept();
      const delivery = await run;
      const got = await agent.texts(token);
      assert.equal(got.length, 1);
      assert.ok(["delivered", "unconfirmed"].includes(delivery.status), `${delivery.status} (${delivery.reason})`);
      await agent.idle();
    },
  },
  {
    name: "the background process is killed on the way: the same key finishes it, once",
    async run({ desk, agent }) {
      for (let round = 0; round < 6; round++) {
        const token = newToken();
        const send = () => agent.send(`crash ${token}`, { key: `crash-${token}` });
        const pid = await desk.dispatch.pid();
        const first = Promise.resolve(send()).then(() => undefined, () => undefined);
        await pause(10 + round * 15);
        process.kill(pid, "SIGKILL");
        await first;
        await desk.dispatch.cli(["up", "--json"]);
        const delivery = await send();
        assert.ok(["delivered", "unconfirmed"].includes(delivery.status), `${delivery.status} (${delivery.reason}) ${delivery.detail}`);
        await assertTrue(agent, `crash ${token}`, token, delivery);
        if (delivery.status === "delivered") await assertDelivered(agent, `crash ${token}`, token, delivery);
        await agent.idle();
      }
    },
  },
];
