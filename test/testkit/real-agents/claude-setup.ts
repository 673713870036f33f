import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentSetup, SetupRequest } from "./agent-setup.js";

const key = "sk-ant-api03-loopback-0000000000000000000000000000";

/** Claude Code 2.1.332: onboarding done, key approved, folder trusted, each tool asked for (its own default asks a server), nothing but model calls. */
export async function setUpClaude({ home, cwd, modelUrl, fresh }: SetupRequest): Promise<AgentSetup> {
  const config = {
    hasCompletedOnboarding: true, theme: "dark", autoUpdates: false, hasSeenAutoDefaultNudge: true,
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [cwd]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, projectOnboardingSeenCount: 1, allowedTools: [] } },
  };
  if (fresh) {
    await writeFile(join(home, ".claude.json"), JSON.stringify(config), { mode: 0o600 });
    await mkdir(join(home, ".claude"), { mode: 0o700 });
    await writeFile(join(home, ".claude/settings.json"), JSON.stringify({ permissions: { defaultMode: "default" } }), { mode: 0o600 });
  }
  return {
    environment: {
      ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: modelUrl, IS_SANDBOX: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1", DISABLE_TELEMETRY: "1",
    },
    arguments: [],
  };
}
