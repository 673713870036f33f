import type { Screen } from "../../screen/screen.js";
import type { ScreenReading } from "../agent-adapter.js";
import { readCodexScreen } from "../codex/screen.js";
import { withoutAccountSwitch } from "./account-switch.js";
import { withoutGoal } from "./goal.js";

/** Codewith is a Codex fork: its screens read like Codex's, but for the goal and for notices about accounts. */
export function readCodewithScreen(screen: Screen): ScreenReading {
  const goal = withoutGoal(screen.rows);
  const { rows, actionNeeded } = withoutAccountSwitch(goal.rows);
  const reading = readCodexScreen({ ...screen, rows });
  const running = goal.pursues ? pursuing(reading) : reading;
  return actionNeeded === undefined || reading.queued.length === 0 ? running : { ...running, actionNeeded, evidence: `${running.evidence}; a notice about its account` };
}

/** While a goal runs the agent is busy, also between two of its turns. */
function pursuing(reading: ScreenReading): ScreenReading {
  if (!["idle", "draft", "busy"].includes(reading.state)) return reading;
  return { ...reading, state: "busy", activity: "pursues a goal", evidence: `${reading.evidence}; the line of a running goal` };
}
