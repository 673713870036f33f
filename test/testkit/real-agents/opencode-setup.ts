import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentSetup, SetupRequest } from "./agent-setup.js";

/** OpenCode 1.18.33: one OpenAI-compatible provider; shell commands ask first. */
export async function setUpOpencode({ home, modelUrl, fresh }: SetupRequest): Promise<AgentSetup> {
  const config = {
    $schema: "https://opencode.ai/config.json",
    provider: {
      loopback: {
        npm: "@ai-sdk/openai-compatible", name: "Loopback",
        options: { baseURL: `${modelUrl}/v1`, apiKey: "loopback" },
        models: { test: { name: "Test" } },
      },
    },
    model: "loopback/test", small_model: "loopback/test", autoupdate: false, share: "disabled",
    permission: { bash: "ask" },
  };
  if (fresh) {
    await mkdir(join(home, ".config/opencode"), { recursive: true, mode: 0o700 });
    await writeFile(join(home, ".config/opencode/opencode.json"), JSON.stringify(config), { mode: 0o600 });
  }
  return {
    environment: { OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "1" },
    arguments: [],
  };
}
