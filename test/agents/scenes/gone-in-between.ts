import { strict as assert } from "node:assert";
import { newToken, pause } from "../suite/agent-desk.js";
import { assertTrue, type Scene } from "./scene.js";

const tries = 3;

/** The pane changes hands while a delivery is on its way. Each try changes it at another instant. */
export const goneInBetween: readonly Scene[] = [
  {
    name: "the agent exits between look and key: said truly, and the tmux server lives",
    async run({ desk }) {
      for (let round = 0; round < tries; round++) {
        const agent = await desk.start();
        const serverPid = await desk.tmux.run("display-message", "-p", "#{pid}");
        const token = newToken();
        const run = agent.send(`hello ${token}`, { timeoutMs: 8000 });
        await pause(round * 16);
        process.kill(agent.agent.pid, "SIGKILL");
        const delivery = await run;
        assert.equal(await desk.tmux.run("display-message", "-p", "#{pid}"), serverPid);
        await assertTrue(agent, `hello ${token}`, token, delivery);
        await agent.agent.stop();
      }
    },
  },
  {
    name: "a shell takes the pane between look and key: it never gets the text as a command",
    async run({ desk }) {
      for (let round = 0; round < tries; round++) {
        const agent = await desk.start();
        const token = newToken();
        const prompt = `echo harm-${token}`;
        const run = agent.send(prompt, { timeoutMs: 8000 });
        await pause(round * 16);
        await desk.tmux.run("respawn-pane", "-k", "-t", agent.paneId, "env", "-i", "PATH=/usr/bin:/bin", "TERM=tmux-256color", "PS1=ready> ", "sh", "-i");
        const delivery = await run;
        await agent.sees(/ready>/);
        const screen = await agent.screen();
        assert.ok(!new RegExp(`^harm-${token}`, "m").test(screen), `the shell ran it:\n${screen}`);
        await assertTrue(agent, prompt, token, delivery);
        await agent.agent.stop();
      }
    },
  },
];
