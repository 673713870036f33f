/** A pattern in which `*` stands for any text and `?` for one character; the rest is itself. The whole text must fit. */
export function wildcard(pattern: string): RegExp {
  const body = pattern.replaceAll(/[.+^${}()|[\]\\]/gu, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${body}$`, "su");
}
