import type { Tool } from "./tool.js";
import { capture } from "./capture.js";
import { daemonDoctor, daemonEnsure, daemonRestart, daemonService, daemonStart, daemonStatusTool, daemonStop } from "./daemon.js";
import { exec } from "./exec.js";
import { key } from "./key.js";
import { list, nodes, occurrences, show, status, targets, wait, watch } from "./lookups.js";
import { cancel, clear, edit, loop, loops, pause, resume, runNow, schedule, schedules } from "./schedules.js";
import { send } from "./send.js";
import { fleetSummaryTool, recover, selfHealDiagnose, triageTool } from "./triage.js";

export const allTools = [
  send, key, capture, exec, status, show, list, targets, nodes, wait, watch,
  schedule, loop, edit, schedules, loops, occurrences, runNow, cancel, pause, resume, clear,
  triageTool, recover, selfHealDiagnose, fleetSummaryTool,
  daemonStart, daemonStop, daemonStatusTool, daemonEnsure, daemonRestart, daemonDoctor, daemonService,
] as unknown as readonly Tool<Record<string, never>>[];
