import type { AgentAdapter } from "../agent-adapter.js";
import { matchesGemini } from "./match.js";
import { prepareForGemini } from "./prepare.js";
import { GeminiRecord } from "./record.js";
import { readGeminiScreen } from "./screen.js";
import { geminiVersion } from "./version.js";

export const geminiAdapter: AgentAdapter = {
  kind: "gemini",
  matches: matchesGemini,
  version: geminiVersion,
  readScreen: readGeminiScreen,
  prepare: prepareForGemini,
  // An Enter within some 30 ms after a paste becomes a line break (0.61.0: 0 of 24 at 0 and 20 ms, 36 of 36 from 40 ms on).
  keyDelayMs: 60,
  queueKey: "Enter",
  openRecord: (context) => new GeminiRecord(context),
};
