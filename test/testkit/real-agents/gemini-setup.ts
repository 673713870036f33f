import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentSetup, SetupRequest } from "./agent-setup.js";

/** Gemini CLI 0.61.0: key from the environment, no folder-trust question, no statistics, no update. */
export async function setUpGemini({ home, modelUrl, fresh }: SetupRequest): Promise<AgentSetup> {
  const settings = {
    security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
    privacy: { usageStatisticsEnabled: false },
    general: { disableAutoUpdate: true, enableAutoUpdate: false },
  };
  if (fresh) {
    await mkdir(join(home, ".gemini"), { mode: 0o700 });
    await writeFile(join(home, ".gemini/settings.json"), JSON.stringify(settings), { mode: 0o600 });
  }
  return { environment: { GEMINI_API_KEY: "loopback", GOOGLE_GEMINI_BASE_URL: modelUrl }, arguments: [] };
}
