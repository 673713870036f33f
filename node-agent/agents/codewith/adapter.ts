import type { AgentAdapter } from "../agent-adapter.js";
import { agentFolder } from "../agent-folder.js";
import { prepareForCodex } from "../codex/prepare.js";
import { CodexRecord } from "../codex/record.js";
import { matchesCodewith } from "./match.js";
import { readCodewithScreen } from "./screen.js";
import { codewithVersion } from "./version.js";

/** Codewith is a fork of Codex: the same rollouts under a home of its own. */
export const codewithAdapter: AgentAdapter = {
  kind: "codewith",
  matches: matchesCodewith,
  version: codewithVersion,
  readScreen: readCodewithScreen,
  prepare: prepareForCodex,
  keyDelayMs: 0,
  queueKey: "Tab",
  steerKey: "Enter",
  openRecord: (context) => new CodexRecord(context, agentFolder(context, "CODEWITH_HOME", ".codewith")),
};
