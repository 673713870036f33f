import { editDistance } from "../../core/text/nearest.js";

/** Up to three of the names that a typist may have meant: few letters differ, or one begins with the other. Nearest first. */
export function nearestNames(wanted: string, names: Iterable<string>): string[] {
  const lower = wanted.toLowerCase();
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const other = name.toLowerCase();
    const distance = editDistance(lower, other);
    if (distance <= Math.max(1, Math.floor(wanted.length / 3))) scored.push({ name, score: distance });
    else if (other !== "" && (other.startsWith(lower) || lower.startsWith(other))) scored.push({ name, score: distance + 100 });
  }
  return scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1)).slice(0, 3).map(({ name }) => name);
}
