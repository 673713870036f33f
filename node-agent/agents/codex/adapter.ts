import type { AgentAdapter } from "../agent-adapter.js";
import { agentFolder } from "../agent-folder.js";
import { matchesCodex } from "./match.js";
import { prepareForCodex } from "./prepare.js";
import { CodexRecord } from "./record.js";
import { readCodexScreen } from "./screen.js";
import { codexVersion } from "./version.js";

export const codexAdapter: AgentAdapter = {
  kind: "codex",
  matches: matchesCodex,
  version: codexVersion,
  readScreen: readCodexScreen,
  prepare: prepareForCodex,
  keyDelayMs: 0,
  queueKey: "Tab",
  steerKey: "Enter",
  openRecord: (context) => new CodexRecord(context, agentFolder(context, "CODEX_HOME", ".codex")),
};
