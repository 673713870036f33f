/** JSON for columns, with dates as `{"$date": ms}` and big integers as `{"$bigint": "…"}`. parse(stringify(x)) = x. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, plain: unknown) {
    const original = this[key];
    if (original instanceof Date) return { $date: original.getTime() };
    return typeof original === "bigint" ? { $bigint: String(original) } : plain;
  });
}

export function parse<T>(text: string): T {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$date" in value && typeof value.$date === "number") return new Date(value.$date);
    return "$bigint" in value && typeof value.$bigint === "string" ? BigInt(value.$bigint) : value;
  }) as T;
}
