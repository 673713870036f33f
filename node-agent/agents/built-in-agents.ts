import type { AgentAdapter } from "./agent-adapter.js";
import { claudeAdapter } from "./claude/adapter.js";
import { codexAdapter } from "./codex/adapter.js";
import { codewithAdapter } from "./codewith/adapter.js";
import { geminiAdapter } from "./gemini/adapter.js";
import { openCodeAdapter } from "./opencode/adapter.js";

/** Every agent that has a folder here. */
export const builtInAgents: readonly AgentAdapter[] = [claudeAdapter, codexAdapter, codewithAdapter, openCodeAdapter, geminiAdapter];
