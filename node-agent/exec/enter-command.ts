import { refusal } from "../delivery/run-context.js";
import type { Sight } from "../delivery/sight.js";
import { safeSnippet } from "../tmux/guarded-input.js";
import type { ExecRun } from "./exec-parts.js";
import { outputLines } from "./command-output.js";
import { readPromptLine, showsCommand } from "./prompt-line.js";
import { shellInFront } from "./shell-in-front.js";

/** Without news from the pane it is looked at again so often. */
const lookAgainMs = 200;
/** A pane that does not hold still is typed into so often at most. */
const maxTries = 5;
/** So long a prompt may take to come back after C-c, and a line to be shown. */
const promptMs = 3_000;

/** A line that the shell took. */
export interface EnteredCommand {
  readonly shellPid: number;
  readonly prompt: string;
  readonly command: string;
  /** The pane's text right before Enter. */
  readonly before: string;
}

/**
 * Types the line into the shell's empty prompt and presses Enter, each only if the pane still is as it was seen. Throws a DispatchError
 * that says what was not done.
 */
export async function enterCommand(run: ExecRun, command: string, interrupt: boolean): Promise<EnteredCommand> {
  if (interrupt) await pressInterrupt(run);
  const { shellPid, prompt } = await paste(run, command);
  const shown = await untilShown(run, prompt, command);
  const before = await run.pane.capture(outputLines);
  run.steps.note({ presses: run.steps.delivery.presses + 1 });
  const row = shown.screen.rows[shown.screen.cursorY]?.text ?? "";
  run.marks.clear();
  if ((await run.pane.press(shown, "Enter", `${run.id}:enter`, safeSnippet(row))) === "stale") {
    run.steps.note({ presses: run.steps.delivery.presses - 1 });
    throw refusal("pane_changed", "The pane changed before Enter, which was not pressed. The line is still there: clear it in the pane.");
  }
  run.steps.step("submitted", "Enter was pressed.");
  await untilTaken(run, prompt, command);
  return { shellPid, prompt, command, before };
}

async function paste(run: ExecRun, command: string): Promise<{ shellPid: number; prompt: string }> {
  const { pane } = run;
  for (let count = 0; count < maxTries; count++) {
    const { seen, shellPid, prompt } = await emptyPrompt(run);
    run.signal.throwIfAborted();
    // The guard of tmux holds cursor, command and marks; the process is looked at last, right before it.
    if ((await pane.type(seen, command, `${run.id}:type`, { anyCursor: false, literal: false })) === "typed") {
      run.steps.step("typed", "The command is on the shell's line.");
      return { shellPid, prompt };
    }
  }
  throw refusal("pane_changed", "The pane does not hold still; nothing was typed.");
}

/** The shell with its empty prompt, seen now. */
async function emptyPrompt({ pane, parts }: ExecRun): Promise<{ seen: Sight; shellPid: number; prompt: string }> {
  let seen = await pane.see();
  for (let count = 0; seen.screen.inMode && count < maxTries; count++) {
    await pane.leaveCopyMode();
    seen = await pane.see();
  }
  if (seen.screen.inMode) throw refusal("copy_mode_stuck", "The pane does not leave copy mode; nothing was typed.");
  if (seen.screen.panePid !== pane.target.panePid || seen.detection.targetKind !== "shell") throw refusal("pane_changed", "The pane does not show its shell any more; nothing was typed.");
  const front = await shellInFront(parts.facts, seen.screen.panePid);
  if ("why" in front) throw refusal("state_unknown", `${front.why} Nothing was typed.`);
  const line = readPromptLine(seen.screen);
  if (line.state === "draft") throw refusal("draft_present", "Something is typed at the shell's prompt, or stands beside it; nothing was typed.");
  if (line.state === "unknown") throw refusal("state_unknown", "The row of the cursor does not look like the empty prompt of a shell; nothing was typed.");
  return { seen, shellPid: front.shell.pid, prompt: line.prompt };
}

/** C-c at the shell's own line, which is given up; then its prompt is waited for. */
async function pressInterrupt(run: ExecRun): Promise<void> {
  const { pane, parts } = run;
  const seen = await pane.see();
  const front = await shellInFront(parts.facts, seen.screen.panePid);
  if ("why" in front || seen.detection.targetKind !== "shell") throw refusal("state_unknown", `${"why" in front ? front.why : "The pane shows no shell."} Nothing was pressed.`);
  if ((await pane.press(seen, "C-c", `${run.id}:interrupt`, undefined)) === "stale") throw refusal("pane_changed", "The pane changed before C-c; nothing was pressed.");
  run.steps.step("waiting", "C-c was pressed.");
  const end = parts.clock.monotonicMs() + promptMs;
  while (parts.clock.monotonicMs() < end) {
    const { screen } = await pane.see();
    // The prompt that was there before is none that came back.
    const changed = screen.rows.some(({ text }, row) => text !== seen.screen.rows[row]?.text);
    if (changed && readPromptLine(screen).state === "empty") return;
    await run.bell.wait(parts.clock, lookAgainMs, run.signal);
  }
  throw refusal("state_unknown", "The prompt did not come back after C-c; nothing was typed.");
}

/** What was pasted must be read back from the line, and nothing else there, before Enter may be pressed. */
async function untilShown({ pane, parts, bell, signal }: ExecRun, prompt: string, command: string): Promise<Sight> {
  const end = parts.clock.monotonicMs() + promptMs;
  for (;;) {
    const seen = await pane.see();
    if (seen.detection.targetKind === "shell" && showsCommand(seen.screen, prompt, command)) return seen;
    if (parts.clock.monotonicMs() >= end) throw refusal("not_parked", "The shell's line does not show the command, and only the command; Enter was not pressed. Look at the line and clear it.");
    await bell.wait(parts.clock, lookAgainMs, signal);
  }
}

async function untilTaken({ pane, parts, bell, signal }: ExecRun, prompt: string, command: string): Promise<void> {
  for (;;) {
    const { screen, detection } = await pane.see();
    if (screen.dead || detection.targetKind !== "shell" || !showsCommand(screen, prompt, command)) return;
    await bell.wait(parts.clock, lookAgainMs, signal);
  }
}
