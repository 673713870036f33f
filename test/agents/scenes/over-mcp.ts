import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Dispatch } from "../suite/dispatch.js";
import { installPinned } from "../../testkit/real-agents/install-pinned.js";
import { newToken, patienceMs, pause } from "../suite/agent-desk.js";
import type { Scene } from "./scene.js";

const server = fileURLToPath(new URL("../../../dist/dispatch-mcp.cjs", import.meta.url));

/** Puts our MCP server into the agent's own configuration, as a person would, with leave to use it. */
async function install(dispatch: Dispatch, kind: string, home: string): Promise<void> {
  const { json } = await dispatch.cli(["mcp", "install", kind, "--json"], "", { HOME: home });
  const file = String(json["file"]);
  const dataDir = process.env["DISPATCH_DATA_DIR"] ?? "";
  if (kind === "claude") {
    const config = JSON.parse(await readFile(file, "utf8")) as { mcpServers: { dispatch: Record<string, unknown> } };
    config.mcpServers.dispatch["env"] = { DISPATCH_DATA_DIR: dataDir };
    await writeFile(file, JSON.stringify(config));
    await mkdir(join(home, ".claude"), { recursive: true });
    await writeFile(join(home, ".claude", "settings.json"), JSON.stringify({ permissions: { allow: ["mcp__dispatch"], defaultMode: "default" } }));
  } else {
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("tool_timeout_sec = 3600\n", `tool_timeout_sec = 3600\ndefault_tools_approval_mode = "approve"\nenv = { DISPATCH_DATA_DIR = ${JSON.stringify(dataDir)} }\n`));
  }
}

/** One real agent hands a prompt to another through our tool, and has the answer. */
export const overMcp: readonly Scene[] = [
  {
    name: "an agent prompts another agent through dispatch_send, and has its answer",
    kinds: ["claude", "codex"],
    async run({ desk, agent }) {
      const caller = await desk.start({ prepare: (home) => install(desk.dispatch, desk.kind, home) });
      try {
        const [token, answer] = [newToken(), `The other says ${newToken("A")}.`];
        desk.model.script.enqueue({ text: answer }, agent.name);
        const input = { target: agent.paneId, server: desk.tmux.socket, prompt: `from an agent ${token}`, waitFor: "finished", timeoutSeconds: 30 };
        desk.model.script.enqueue({ text: "I ask the other.", tool: { server: "dispatch", name: "dispatch_send", input } }, caller.name);
        const asked = await caller.send("ask the other agent");
        assert.equal(asked.status, "delivered", `${asked.status} (${asked.reason}) ${asked.detail}`);
        assert.deepEqual(await agent.texts(token, { restMs: 200 }), [`from an agent ${token}`]);
        const end = Date.now() + patienceMs;
        while (!desk.model.lastRequest(caller.name).includes(answer)) {
          if (Date.now() > end) throw new Error(`the answer did not come back to the caller:\n${await caller.screen()}\n${desk.model.lastRequest(caller.name).slice(-1500)}`);
          await pause(50);
        }
        await agent.idle();
      } finally {
        await caller.agent.stop();
      }
    },
  },
  {
    name: "the MCP inspector's command line prompts an agent through dispatch_send, and has its answer",
    kinds: ["claude"],
    installs: ["mcp-inspector"],
    async run({ desk, agent }) {
      const [token, answer] = [newToken(), `It says ${newToken("A")}.`];
      desk.model.script.enqueue({ text: answer }, agent.name);
      const input = { target: agent.paneId, server: desk.tmux.socket, prompt: `from the inspector ${token}`, waitFor: "finished", timeoutSeconds: 30 };
      const words = Object.entries(input).flatMap(([name, value]) => ["--tool-arg", `${name}=${value}`]);
      const { stdout } = await promisify(execFile)(await installPinned("mcp-inspector"), ["--cli", process.execPath, server, "--method", "tools/call", "--tool-name", "dispatch_send", ...words], { timeout: patienceMs });
      const { isError, structuredContent } = JSON.parse(stdout) as { isError: boolean; structuredContent: Record<string, unknown> };
      assert.equal(isError, false, stdout);
      assert.deepEqual([structuredContent["status"], structuredContent["answer"]], ["delivered", answer]);
      assert.deepEqual(await agent.texts(token, { restMs: 200 }), [`from the inspector ${token}`]);
    },
  },
];
