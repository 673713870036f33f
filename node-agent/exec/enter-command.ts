import { refusal } from "../delivery/run-context.js";
import type { Sight } from "../delivery/sight.js";
import type { ProcessInfo } from "../processes/process-facts.js";
import { safeSnippet } from "../tmux/guarded-input.js";
import type { ExecRun } from "./exec-parts.js";
import { outputLines } from "./command-output.js";
import { freshPrompt, readPromptLine, showsCommand } from "./prompt-line.js";
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
  const known = interrupt ? await pressInterrupt(run) : undefined;
  const { shellPid, prompt } = await paste(run, command, known);
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

async function paste(run: ExecRun, command: string, known: string | undefined): Promise<{ shellPid: number; prompt: string }> {
  const { pane } = run;
  for (let count = 0; count < maxTries; count++) {
    const { seen, shellPid, prompt } = await emptyPrompt(run, known);
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
async function emptyPrompt(run: ExecRun, known: string | undefined): Promise<{ seen: Sight; shellPid: number; prompt: string }> {
  const { pane } = run;
  let seen = await pane.see();
  for (let count = 0; seen.screen.inMode && count < maxTries; count++) {
    await pane.leaveCopyMode();
    seen = await pane.see();
  }
  if (seen.screen.inMode) throw refusal("copy_mode_stuck", "The pane does not leave copy mode; nothing was typed.");
  const { pid } = await shellOf(run, seen);
  return { seen, shellPid: pid, prompt: promptOf(seen, known) };
}

/** Throws the refusal that a live run would end with, as the pane is now. Presses and changes nothing. */
export async function checkReady(run: ExecRun, interrupt: boolean): Promise<void> {
  const seen = await run.pane.see();
  await shellOf(run, seen);
  // C-c would give up whatever stands on the line.
  if (!interrupt) promptOf(seen, undefined);
}

async function shellOf({ pane, parts }: ExecRun, { screen, detection }: Sight): Promise<ProcessInfo> {
  if (screen.panePid !== pane.target.panePid || detection.targetKind !== "shell") throw refusal("pane_changed", "The pane does not show its shell any more; nothing was typed.");
  const front = await shellInFront(parts.facts, screen.panePid);
  if ("why" in front) throw refusal("state_unknown", `${front.why} Nothing was typed.`);
  return front.shell;
}

function promptOf({ screen }: Sight, known: string | undefined): string {
  const line = readPromptLine(screen, known);
  if (line.state === "draft") throw refusal("draft_present", "Something is typed at the shell's prompt, or stands beside it, or the prompt cannot be told from typed text; nothing was typed.");
  if (line.state === "unknown") throw refusal("state_unknown", "The row of the cursor does not look like the empty prompt of a shell; nothing was typed.");
  return line.prompt;
}

/** C-c at the shell's own line, which is given up; then its prompt is waited for. Returns it where it came in a shape of its own. */
async function pressInterrupt(run: ExecRun): Promise<string | undefined> {
  const { pane, parts } = run;
  const seen = await pane.see();
  const front = await shellInFront(parts.facts, seen.screen.panePid);
  if ("why" in front || seen.detection.targetKind !== "shell") throw refusal("state_unknown", `${"why" in front ? front.why : "The pane shows no shell."} Nothing was pressed.`);
  if ((await pane.press(seen, "C-c", `${run.id}:interrupt`, undefined)) === "stale") throw refusal("pane_changed", "The pane changed before C-c; nothing was pressed.");
  run.steps.step("waiting", "C-c was pressed.");
  const end = parts.clock.monotonicMs() + promptMs;
  let shown: { readonly prompt: string; readonly since: number } | undefined;
  while (parts.clock.monotonicMs() < end) {
    const { screen } = await pane.see();
    // The prompt that was there before is none that came back.
    const changed = screen.rows.some(({ text }, row) => text !== seen.screen.rows[row]?.text);
    if (changed && readPromptLine(screen).state === "empty") return undefined;
    // A prompt that is still being drawn looks like the beginning of itself: it must hold still for a while.
    const prompt = changed ? freshPrompt(screen, seen.screen) : undefined;
    const now = parts.clock.monotonicMs();
    if (prompt !== shown?.prompt) shown = prompt === undefined ? undefined : { prompt, since: now };
    else if (shown && now - shown.since >= lookAgainMs) return prompt;
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
