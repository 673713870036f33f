import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentSetup, SetupRequest } from "./agent-setup.js";

/** Codex 0.169.0: a provider of its own, folder trusted, no update check. */
export async function setUpCodex({ home, cwd, modelUrl, fresh }: SetupRequest): Promise<AgentSetup> {
  const config = `model = "test"
model_provider = "loopback"
check_for_update_on_startup = false

[model_providers.loopback]
name = "loopback"
base_url = "${modelUrl}/v1"
wire_api = "responses"
env_key = "LOOPBACK_KEY"

[analytics]
enabled = false

[projects."${cwd}"]
trust_level = "trusted"
`;
  if (fresh) {
    await mkdir(join(home, ".codex"), { mode: 0o700 });
    await writeFile(join(home, ".codex/config.toml"), config, { mode: 0o600 });
  }
  return { environment: { LOOPBACK_KEY: "loopback" }, arguments: [] };
}
