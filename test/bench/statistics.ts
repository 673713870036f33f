/** Percentile of a list, by nearest rank; NaN for an empty list. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export interface Figure {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly samples: number;
}

export function figure(name: string, values: readonly number[]): Figure {
  return { name, p50: percentile(values, 50), p95: percentile(values, 95), samples: values.length };
}

/** `name  p50 12.3 ms  p95 45.6 ms  (n=20)` */
export function figureLine({ name, p50, p95, samples }: Figure): string {
  return `${name.padEnd(52)} p50 ${p50.toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms   n=${samples}`;
}

/** A budget, held against what was measured in the same run. */
export function budgetLine(name: string, value: number, limit: number, unit: string): string {
  return `${value <= limit ? "within" : "OVER  "}  ${name.padEnd(62)} ${value.toFixed(2)} ${unit} (budget ${limit} ${unit})`;
}

/** A ratio for which there is no budget. */
export function ratioLine(name: string, value: number): string {
  return `        ${name.padEnd(62)} ${value.toFixed(2)} x`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
