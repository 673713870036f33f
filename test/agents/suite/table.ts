import type { PromptRunReport } from "./prompt-run.js";

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Plain columns, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ").trimEnd();
  return [line(head), ...rows.map(line)].join("\n");
}

export function promptTable(reports: readonly PromptRunReport[]): string {
  const head = ["agent", "sends", "delivered", "exact", "transformed", "unsendable", "refused", "false", "double", "lost", "unconfirmed", "strays", "p50 ms", "p95 ms"];
  return table(head, reports.map(({ agent, sends, counts, strays, latencies }) => [
    agent, sends, counts.exact + counts.transformed, counts.exact, counts.transformed, counts.unsendable, counts.refused, counts.false, counts.double, counts.lost, counts.unconfirmed, strays,
    Math.round(percentile(latencies, 0.5)), Math.round(percentile(latencies, 0.95)),
  ].map(String)));
}
