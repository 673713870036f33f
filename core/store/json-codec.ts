/**
 * JSON for columns, with dates as `{"$date": ms}` and big integers as `{"$bigint": "…"}`. parse(stringify(x)) = x. Neither hands a function to
 * JSON: it would be called for every value there is, which takes ten times as long as all else.
 */
export function stringify(value: unknown): string {
  return JSON.stringify(written(value));
}

export function parse<T>(text: string): T {
  return read(JSON.parse(text) as unknown) as T;
}

function written(value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return value.map(written);
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) {
    const part = copy[key];
    if (typeof part === "object" || typeof part === "bigint") copy[key] = written(part);
  }
  return copy;
}

/** In place: what was just parsed is nobody else's. */
function read(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$date" in value && typeof value.$date === "number") return new Date(value.$date);
  if ("$bigint" in value && typeof value.$bigint === "string") return BigInt(value.$bigint);
  const parts = value as Record<string, unknown>;
  for (const key of Object.keys(parts)) {
    const part = parts[key];
    if (typeof part === "object" && part !== null) parts[key] = read(part);
  }
  return value;
}
