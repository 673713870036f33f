import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { composerText } from "../../testkit/real-agents/composer-text.js";
import { newToken } from "../suite/agent-desk.js";
import { assertDelivered, assertRefused, assertTrue, type Scene } from "./scene.js";

/** What the permission dialogs of the four agents ask. */
const dialog = /Do you want to proceed\?|Would you like to run the following command\?|Allow execution of|Permission required/;

/** Things on the screen that a prompt must not be typed into. */
export const inTheWay: readonly Scene[] = [
  {
    name: "a permission dialog is open: refused, and nothing was approved",
    async run({ desk, agent }) {
      const [first, token] = [newToken(), newToken()];
      const made = join("/etc", `made-${first}`);
      desk.model.script.enqueue({ shell: `touch ${made}` }, agent.name);
      await assertDelivered(agent, `please make a file ${first}`, first, await agent.send(`please make a file ${first}`));
      await agent.sees(dialog);
      const before = await agent.screen();
      await assertRefused(agent, token, await agent.send(`now this ${token}`), ["dialog_open"]);
      assert.ok(dialog.test(await agent.screen()), `the dialog is gone; before:\n${before}`);
      assert.ok(!existsSync(made), "the tool ran");
      await agent.keys("Escape");
      await agent.idle();
      assert.ok(!existsSync(made), "the tool ran after Escape");
    },
  },
  {
    name: "a command menu is open: refused, and it stays as it was",
    async run({ agent }) {
      const token = newToken();
      await agent.type("/");
      // A footer may name a command as well, so that the slash itself must be there too.
      await agent.sees((screen) => /\/(clear|agents|compact|about|model|connect)/.test(screen) && /\/$/m.test(composerText(agent.desk.kind, screen) ?? ""));
      await assertRefused(agent, token, await agent.send(`hello ${token}`, { onDraft: "refuse" }), ["menu_open", "draft_present"]);
      assert.match((await agent.composer()) ?? "", /\/$/m);
      await agent.keys("BSpace");
      await agent.idle();
    },
  },
  {
    name: "somebody's draft: refused, and the draft stays",
    async run({ agent }) {
      const token = newToken();
      await agent.type("half a human draft");
      await agent.sees(/half a human draft/);
      await assertRefused(agent, token, await agent.send(`hello ${token}`, { onDraft: "refuse" }), ["draft_present"]);
      assert.equal(await agent.composer(), "half a human draft");
      await agent.keys("C-u");
      await agent.idle();
    },
  },
  {
    name: "a draft that its owner sends meanwhile: waited for, then delivered",
    async run({ agent }) {
      const [own, token] = [newToken(), newToken()];
      await agent.type(`my own ${own}`);
      await agent.sees(new RegExp(own));
      const run = agent.send(`hello ${token}`, { onDraft: "wait" });
      await agent.texts(token, { timeoutMs: 700 });
      await agent.keys("Enter");
      assert.equal((await agent.texts(own)).length, 1);
      const delivery = await agent.settled(await run);
      // How long is waited is the product's choice; what it says must be true, and the two texts never one.
      await assertTrue(agent, `hello ${token}`, token, delivery);
      for (const turn of agent.turns()) for (const text of turn.texts) assert.ok(!(text.includes(own) && text.includes(token)), "the two were fused");
      await agent.idle();
    },
  },
  {
    name: "Claude's stash: delivered, and the draft comes back",
    kinds: ["claude"],
    async run({ agent }) {
      const token = newToken();
      await agent.type("half a human draft");
      await agent.sees(/half a human draft/);
      await assertDelivered(agent, `hello ${token}`, token, await agent.send(`hello ${token}`, { onDraft: "stash" }));
      await agent.sees(/❯.half a human draft/);
      await agent.keys("C-u");
      await agent.idle();
    },
  },
  {
    name: "stash where the agent cannot: refused, and the draft stays",
    kinds: ["codex", "gemini", "opencode"],
    async run({ agent }) {
      const token = newToken();
      await agent.type("half a human draft");
      await agent.sees(/half a human draft/);
      await assertRefused(agent, token, await agent.send(`hello ${token}`, { onDraft: "stash" }), ["cannot_queue", "draft_present"]);
      assert.equal(await agent.composer(), "half a human draft");
      await agent.keys("C-u");
      await agent.idle();
    },
  },
  {
    name: "copy mode: left, then delivered",
    async run({ desk, agent }) {
      const token = newToken();
      await desk.tmux.run("copy-mode", "-t", agent.paneId);
      await assertDelivered(agent, `hello ${token}`, token, await agent.send(`hello ${token}`));
      assert.equal(await desk.tmux.pane(agent.paneId, "#{pane_in_mode}"), "0");
      await agent.idle();
    },
  },
  {
    name: "a shell: refused, nothing typed",
    async run({ desk }) {
      const token = newToken();
      const { paneId } = await desk.tmux.open({ session: "agents", window: "shell", cwd: desk.dir, width: 100, height: 20, command: ["env", "-i", "PATH=/usr/bin:/bin", "TERM=tmux-256color", "PS1=ready> ", "sh", "-i"] });
      while (!(await desk.tmux.screen(paneId)).includes("ready>")) await new Promise((go) => setTimeout(go, 20));
      const before = await desk.tmux.screen(paneId);
      const delivery = await desk.dispatch.client.send({ target: { machine: "", server: desk.tmux.socket, pane: paneId }, prompt: `touch /tmp/${token}` });
      assert.equal(delivery.status, "refused");
      assert.equal(delivery.reason, "is_shell");
      assert.equal(await desk.tmux.screen(paneId), before);
      await desk.tmux.run("kill-pane", "-t", paneId);
    },
  },
  {
    name: "an agent that is still starting: refused, or delivered once it can take it",
    async run({ desk }) {
      const agent = await desk.start({ until: "launched" });
      for (let round = 0; round < 30; round++) {
        const token = newToken();
        const delivery = await agent.send(`hello ${token}`);
        await assertTrue(agent, `hello ${token}`, token, delivery);
        if (delivery.status === "delivered") break;
        assert.equal(delivery.status, "refused", `${delivery.status} (${delivery.reason})`);
        assert.ok(["agent_starting", "state_unknown", "not_an_agent", "is_shell"].includes(delivery.reason), delivery.reason);
      }
      await agent.idle();
      await agent.agent.stop();
    },
  },
  {
    name: "a dead pane: refused, and the tmux server lives",
    async run({ desk }) {
      const agent = await desk.start();
      process.kill(agent.agent.pid, "SIGKILL");
      while (!(await agent.dead())) await new Promise((go) => setTimeout(go, 20));
      const token = newToken();
      await assertRefused(agent, token, await agent.send(`hello ${token}`), ["pane_dead", "agent_exited"]);
      await desk.tmux.run("list-panes", "-a");
      await agent.agent.stop();
    },
  },
];
