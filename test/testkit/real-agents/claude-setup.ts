import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentSetup, SetupRequest } from "./agent-setup.js";

const key = "sk-ant-api03-loopback-0000000000000000000000000000";

/** Claude Code 2.1.197: onboarding done, key approved, folder trusted, nothing but model calls. */
export async function setUpClaude({ home, cwd, modelUrl, fresh }: SetupRequest): Promise<AgentSetup> {
  const config = {
    hasCompletedOnboarding: true, theme: "dark", autoUpdates: false,
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [cwd]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, projectOnboardingSeenCount: 1, allowedTools: [] } },
  };
  if (fresh) await writeFile(join(home, ".claude.json"), JSON.stringify(config), { mode: 0o600 });
  return {
    environment: {
      ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: modelUrl, IS_SANDBOX: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1", DISABLE_TELEMETRY: "1",
    },
    arguments: [],
  };
}
