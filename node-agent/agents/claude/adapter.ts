import type { AgentAdapter } from "../agent-adapter.js";
import { matchesClaude } from "./match.js";
import { prepareForClaude } from "./prepare.js";
import { ClaudeRecord } from "./record.js";
import { readClaudeScreen } from "./screen.js";
import { claudeVersion } from "./version.js";

export const claudeAdapter: AgentAdapter = {
  kind: "claude",
  matches: matchesClaude,
  version: claudeVersion,
  readScreen: readClaudeScreen,
  prepare: prepareForClaude,
  keyDelayMs: 0,
  queueKey: "Enter",
  // Puts the draft aside; it comes back by itself after the next prompt (2.1.197).
  stashKey: "C-s",
  openRecord: (context) => new ClaudeRecord(context),
};
