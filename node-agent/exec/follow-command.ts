import { DispatchError } from "../../core/errors/dispatch-error.js";
import { Bell } from "../delivery/bell.js";
import type { EnteredCommand } from "./enter-command.js";
import type { ExecRun } from "./exec-parts.js";
import { commandOutput, outputLines } from "./command-output.js";
import { promptThatIsBack } from "./prompt-line.js";
import { shellInFront } from "./shell-in-front.js";

/** The pane's news wake us; a program that ends in silence is noticed by a look this often. */
const lookAgainMs = 200;
const markMs = 20;
const markWaits = 10;

export interface FollowedCommand {
  readonly finished: boolean;
  /** Redacted. */
  readonly output: string;
  readonly detail: string;
  /** Where the shell's own marks tell it. */
  readonly exitStatus?: number | undefined;
}

/** Follows a command until the shell has the terminal and its prompt again, or the time is over. */
export async function followCommand(run: ExecRun, entered: EnteredCommand): Promise<FollowedCommand> {
  const end = await untilEnd(run, entered);
  if (end === "gone") return { finished: true, output: "", detail: "The pane ended with the command, and what it printed is gone." };
  const after = await run.pane.capture(outputLines);
  const { text, whole } = commandOutput({ ...entered, after, nextPrompt: typeof end === "string" ? undefined : end.prompt });
  // The detectors take a while to load, and are needed here alone.
  const { redact } = await import("../../core/redaction/redact.js");
  const { text: output, count } = await redact(text, { width: run.pane.target.width });
  const notes = [
    end === "time" ? "The time is over and the command still runs; this is its output so far." : end === "dead" ? "The shell ended with the command." : "The command has ended.",
    ...(whole ? [] : [`Only the last ${outputLines} lines of the pane are here.`]),
    ...(count > 0 ? [`${count} secrets were redacted.`] : []),
  ];
  const exitStatus = typeof end === "string" ? undefined : await statusByMarks(run);
  return { finished: end !== "time", output, detail: notes.join(" "), exitStatus };
}

/** The pane's output comes by another way than our looks at it, and may be a little behind them: with the shell's own mark, the last. */
async function statusByMarks({ marks, parts, signal }: ExecRun): Promise<number | undefined> {
  for (let waits = 0; marks.seen && (waits === 0 || !marks.ended) && waits < markWaits; waits++) await new Bell().wait(parts.clock, markMs, signal).catch(() => undefined);
  return marks.status;
}

/** The prompt that came back; or that the shell ended (its pane may be gone with it), or the time. */
async function untilEnd({ pane, parts, bell, signal }: ExecRun, { shellPid, prompt }: EnteredCommand): Promise<{ prompt: string } | "dead" | "gone" | "time"> {
  while (!signal.aborted) {
    const seen = await pane.see().catch((error: unknown) => {
      if (error instanceof DispatchError && error.reason === "not_found") return undefined;
      throw error;
    });
    if (!seen) return "gone";
    const { screen } = seen;
    if (screen.dead) return "dead";
    const front = await shellInFront(parts.facts, screen.panePid);
    if ("shell" in front && front.shell.pid === shellPid) {
      const back = promptThatIsBack(screen, prompt);
      if (back !== undefined) return { prompt: back };
    }
    await bell.wait(parts.clock, lookAgainMs, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  return "time";
}
