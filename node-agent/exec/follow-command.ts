import { refusal } from "../delivery/run-context.js";
import type { EnteredCommand } from "./enter-command.js";
import type { ExecRun } from "./exec-parts.js";
import { commandOutput, outputLines } from "./command-output.js";
import { promptThatIsBack } from "./prompt-line.js";
import { shellInFront } from "./shell-in-front.js";

/** The pane's news wake us; a program that ends in silence is noticed by a look this often. */
const lookAgainMs = 200;

export interface FollowedCommand {
  readonly finished: boolean;
  /** Redacted. */
  readonly output: string;
  readonly detail: string;
}

/** Follows a command until the shell has the terminal and its prompt again, or the time is over. */
export async function followCommand(run: ExecRun, entered: EnteredCommand): Promise<FollowedCommand> {
  const nextPrompt = await untilPrompt(run, entered);
  const finished = nextPrompt !== undefined;
  const after = await run.parts.text(run.pane, outputLines);
  const { text, whole } = commandOutput({ ...entered, after, finished, nextPrompt: nextPrompt ?? "" });
  // The detectors take a while to load, and are needed here alone.
  const { redact } = await import("../../core/redaction/redact.js");
  const { text: output, count } = await redact(text, { width: run.pane.target.width });
  const notes = [
    finished ? "The command has ended." : "The time is over and the command still runs; this is its output so far.",
    ...(whole ? [] : [`Only the last ${outputLines} lines of the pane are here.`]),
    ...(count > 0 ? [`${count} secrets were redacted.`] : []),
  ];
  return { finished, output, detail: notes.join(" ") };
}

/** The prompt that came back; undefined where the time ended before. */
async function untilPrompt({ pane, parts, bell, signal }: ExecRun, { shellPid, prompt }: EnteredCommand): Promise<string | undefined> {
  while (!signal.aborted) {
    const { screen } = await pane.see();
    if (screen.dead) throw refusal("pane_dead", "The shell ended with the command.");
    const front = await shellInFront(parts.facts, screen.panePid);
    if ("shell" in front && front.shell.pid === shellPid) {
      const back = promptThatIsBack(screen, prompt);
      if (back !== undefined) return back;
    }
    await bell.wait(parts.clock, lookAgainMs, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  return undefined;
}
