export interface Wildcard {
  test(text: string): boolean;
}

/**
 * A pattern in which `*` stands for any text and `?` for one character; the rest is itself. The whole text must fit.
 * Time grows with pattern times text, whatever stands in them: both may come from a stranger.
 */
export function wildcard(pattern: string): Wildcard {
  const wanted = Array.from(pattern);
  return { test: (text) => fits(wanted, Array.from(text)) };
}

function fits(pattern: readonly string[], text: readonly string[]): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < text.length;) {
    if (pattern[at] === "*") {
      // It stands for nothing at first, and for one character more each time the rest does not fit.
      star = at++;
      resume = index;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  return pattern.slice(at).every((rest) => rest === "*");
}
