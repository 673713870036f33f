import type { DeliveryUpdate, ExecReport } from "../../core/domain/delivery.js";
import { newDeliveryId } from "../../core/domain/delivery-id.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import type { ExecRequest } from "../../core/domain/exec.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { judgeCommand, type Verdict } from "../../core/exec/judge-command.js";
import { Bell } from "../delivery/bell.js";
import { isTmuxLost, refusal } from "../delivery/run-context.js";
import { paneName, type Sight } from "../delivery/sight.js";
import { CommandMarks } from "./command-marks.js";
import type { ExecParts, ExecRun } from "./exec-parts.js";
import { ExecSteps } from "./exec-steps.js";
import { followCommand } from "./follow-command.js";
import { checkReady, enterCommand } from "./enter-command.js";

/** For an instant after a program has ended nobody holds the terminal. */
const settleMs = 100;
const maxLooks = 20;

/**
 * Judges a command for the pane as it is, types it into an empty prompt of its shell, and with `wait` follows it to its end. A refusal is
 * an outcome of the last update. Aborting the signal stops listening, not the command.
 */
export async function* runExec(parts: ExecParts, request: ExecRequest, signal: AbortSignal): AsyncGenerator<DeliveryUpdate, void, undefined> {
  const { options, address } = request;
  const id = request.deliveryId || newDeliveryId();
  const steps = new ExecSteps(newDelivery({
    id, key: id, machine: parts.machine, requestedTarget: formatAddress(address), kind: "exec", text: "", now: parts.clock.now(),
    options: deliveryOptions({ timeoutMs: options.timeoutMs, dryRun: options.dryRun, waitFor: options.wait ? "finished" : "delivered" }),
  }), parts.clock);
  const deadline = new AbortController();
  const cancelTimer = parts.clock.after(options.timeoutMs, () => deadline.abort());
  const stopListening = (): void => steps.updates.end();
  signal.addEventListener("abort", stopListening, { once: true });
  const done = perform(parts, request, steps, deadline.signal).catch((error: unknown) => fail(steps, error, deadline.signal)).finally(cancelTimer);
  try {
    yield* steps.updates;
    if (!signal.aborted) await done;
  } finally {
    signal.removeEventListener("abort", stopListening);
  }
}

async function perform(parts: ExecParts, request: ExecRequest, steps: ExecSteps, signal: AbortSignal): Promise<void> {
  const pane = await parts.resolve(request.address);
  steps.note({ target: pane.target });
  const release = await parts.locks.acquire(`pane:${paneName(pane)}`, signal);
  try {
    const bell = new Bell();
    const marks = new CommandMarks();
    const unwatch = await pane.watch(bell.ring, marks.read);
    try {
      await judgeAndType(request, { parts, id: steps.delivery.id, pane, bell, marks, steps, signal });
    } finally {
      unwatch();
    }
  } finally {
    release();
  }
}

async function judgeAndType({ command, options }: ExecRequest, run: ExecRun): Promise<void> {
  const { pane, steps } = run;
  const seen = await look(run);
  const verdict = await judgeCommand(command, { targetKind: seen.detection.targetKind, target: pane.target, dryRun: options.dryRun, policy: options.policy });
  const report = reportOf(verdict, options.forceInterrupt);
  steps.note({ detection: seen.detection, exec: report });
  if (!verdict.allowed) return steps.end("refused", "refused", `${verdict.sentence} Nothing was typed.`, "policy_denied");
  steps.step("accepted", `${verdict.code}: ${verdict.sentence}`);
  if (options.dryRun) {
    await checkReady(run, options.forceInterrupt);
    steps.note({ exec: { ...report, pasteText: verdict.typed } });
    return steps.end("accepted", "dry_run", "The command would be typed; nothing was.");
  }
  const entered = await enterCommand(run, verdict.typed, options.forceInterrupt);
  if (!options.wait) return steps.end("delivered", "delivered", "The shell took the line; how the command ends is not looked at.");
  steps.step("delivered", "The shell took the line.");
  const { finished, output, detail, exitStatus } = await followCommand(run, entered);
  steps.note({ exec: { ...report, output, exitStatus } });
  if (finished) steps.end("finished", "delivered", detail);
  else steps.end("working", "delivered", detail, "deadline_exceeded");
}

/** Waits until somebody has the terminal, so that what is there is judged and not a moment between two programs. */
async function look({ parts, pane, bell, signal }: ExecRun): Promise<Sight> {
  for (let count = 0; count < maxLooks; count++) {
    const seen = await pane.see();
    if (seen.screen.panePid !== pane.target.panePid) throw refusal("pane_changed", "The pane's process was replaced by another; nothing was typed.");
    if (seen.screen.dead) throw refusal("pane_dead", "The pane's process has ended; nothing was typed.");
    if (seen.settling !== true) return seen;
    await bell.wait(parts.clock, settleMs, signal);
  }
  throw refusal("state_unknown", "Nobody reads the pane's keys; nothing was typed.");
}

function reportOf({ allowed, code, rule, sentence, commandHash }: Verdict, interrupt: boolean): ExecReport {
  return { allowed, code, rule, sentence, commandHash, interrupt, pasteText: "", output: "" };
}

/** Whatever goes wrong before Enter is a refusal; after it, nobody knows. */
function fail(steps: ExecSteps, error: unknown, signal: AbortSignal): void {
  const pressed = steps.delivery.presses > 0;
  const typed = steps.delivery.steps.some(({ step }) => step === "typed");
  if (isTmuxLost(error) && steps.delivery.steps.length > 0) return steps.end("unconfirmed", "unconfirmed", "The tmux server was lost in the middle; whether the command ran is not known.", "tmux_lost");
  if (signal.aborted && !(error instanceof DispatchError)) {
    if (pressed) return steps.end("unconfirmed", "unconfirmed", "The time ended before the shell was seen to take the line.", "no_proof");
    if (typed) return steps.end("failed", "failed", "The time ended before Enter, which was not pressed. The line is still there: clear it in the pane.", "not_parked");
    return steps.end("expired", "expired", "The time ended before anything was typed.", "deadline_exceeded");
  }
  const [reason, detail] = error instanceof DispatchError ? [error.reason, error.message] : ["internal", "Something went wrong inside."];
  if (pressed) steps.end("unconfirmed", "unconfirmed", detail, reason);
  else if (typed) steps.end("failed", "failed", detail, reason);
  else steps.end("refused", "refused", detail, reason);
}
