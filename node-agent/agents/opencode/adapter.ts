import type { AgentAdapter } from "../agent-adapter.js";
import { matchesOpenCode } from "./match.js";
import { prepareForOpenCode } from "./prepare.js";
import { OpenCodeRecord } from "./record.js";
import { readOpenCodeScreen } from "./screen.js";
import { openCodeVersion } from "./version.js";

export const openCodeAdapter: AgentAdapter = {
  kind: "opencode",
  matches: matchesOpenCode,
  version: openCodeVersion,
  readScreen: readOpenCodeScreen,
  prepare: prepareForOpenCode,
  keyDelayMs: 0,
  // Tab would switch the agent from building to planning (1.18.33).
  queueKey: "Enter",
  openRecord: (context) => new OpenCodeRecord(context),
};
