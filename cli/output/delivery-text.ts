import type { Delivery, ExecReport, DeliveryUpdate, Evidence } from "../../core/domain/delivery.js";
import { hintFor } from "../../core/errors/hint-for.js";
import { paneOf } from "../../sdk/json/pane-of.js";

const stepWidth = 12;

/** One line for a step, with the time since the first. */
export function stepLine(update: DeliveryUpdate, first: Date): string {
  const seconds = ((update.at.getTime() - first.getTime()) / 1000).toFixed(2);
  return `  ${update.step.padEnd(stepWidth)} ${`+${seconds} s`.padStart(9)}  ${update.detail}`.trimEnd();
}

const icons: Partial<Record<Delivery["status"], string>> = {
  delivered: "✓", queued: "…", pending: "…", dry_run: "✓", typed: "✓", unconfirmed: "?",
};

const good: ReadonlySet<Delivery["status"]> = new Set(["delivered", "queued", "dry_run", "typed"]);

/** What became of one of many, in one line. */
export function verdictLine(delivery: Delivery): string {
  const { status, reason, detail } = delivery;
  const why = good.has(status) ? "" : `  ${reason ? `${reason}: ` : ""}${detail}`;
  return `${icons[status] ?? "✗"} ${status.replace("_", " ").padEnd(11)} ${where(delivery)}${why}
`;
}

/** What became of it, why, what proves it, and what to do. */
export function verdict(delivery: Delivery): string {
  const { status, reason, detail, evidence, steps } = delivery;
  const kind = delivery.detection?.agentKind;
  const took = steps.length > 1 ? ` after ${(((steps.at(-1)?.at.getTime() ?? 0) - (steps[0]?.at.getTime() ?? 0)) / 1000).toFixed(2)} s` : "";
  const lines = [`${icons[status] ?? "✗"} ${status.replace("_", " ")}${reason ? ` (${reason})` : ""}: ${where(delivery)}${kind ? `, ${kind}` : ""}${took}`];
  const failed = !good.has(status);
  // The line of the last step has said it already.
  if (detail && detail !== steps.at(-1)?.detail) lines.push(`  ${detail}`);
  const hint = hintFor(delivery);
  if ((failed || status === "queued") && hint) lines.push(`  ${hint}`);
  if (delivery.exec?.code) lines.push(`  ${execText(delivery.exec)}`);
  if (evidence && evidence.source !== "none") lines.push(`  evidence: ${evidenceText(evidence)}`);
  lines.push(`  id ${delivery.id}${delivery.key === delivery.id ? "" : `, key ${delivery.key}`}`);
  if (delivery.answer) lines.push("", delivery.answer);
  return `${lines.join("\n")}\n`;
}

/** How a command was judged, and how it ended where the shell told it. */
function execText({ code, rule, commandHash, exitStatus }: ExecReport): string {
  return `${code}${rule ? ` (${rule})` : ""}, command ${commandHash}${exitStatus === undefined ? "" : `, exit status ${exitStatus}`}`;
}

function where(delivery: Delivery): string {
  // What was not begun was not looked for on any machine.
  return delivery.machine === "" ? delivery.requestedTarget : `${delivery.machine}/${paneOf(delivery)}`;
}

function evidenceText(evidence: Evidence): string {
  if (evidence.source === "screen") return "seen on the screen alone";
  const changes = evidence.exact ? "exact" : `not exact: ${evidence.transformation.join(", ") || "see the hashes"}`;
  return `${evidence.source} ${evidence.locator}, ${changes}`;
}
