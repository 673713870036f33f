import type { PasteMarker } from "../agent-adapter.js";

// Seen 2026-11-23: Claude Code 2.1.197, Codex 0.169.0, Gemini CLI 0.61.0, OpenCode 1.18.33. A narrow pane may wrap a marker at any of its spaces.
const patterns = [
  /\[Pasted\s+text\s+#\d+(?:\s+\+(?<lines>\d+)\s+lines?)?\]/gu,
  /\[\.\.\.Truncated\s+text\s+#\d+\s+\+(?<lines>\d+)\s+lines?\.\.\.\]/gu,
  /\[Pasted\s+Content\s+(?<characters>\d+)\s+chars\](?:\s#\d+)?/gu,
  /\[Pasted\s+Text:\s+(?:(?<lines>\d+)\s+lines|(?<characters>\d+)\s+chars)(?:\s+#\d+)?\]/gu,
  /\[Pasted\s+~(?<lines>\d+)\s+lines?\]/gu,
  /\[Image\s+#?\d+\]/gu,
];

/** Markers in a composer's text, in the order in which they stand. `raw` is as shown, a line break inside it included. */
export function findMarkers(text: string): PasteMarker[] {
  return patterns
    .flatMap((pattern) => Array.from(text.matchAll(pattern)))
    .toSorted((a, b) => a.index - b.index)
    .map((match) => {
      const { lines, characters } = match.groups ?? {};
      return {
        raw: match[0],
        ...(lines === undefined ? {} : { lines: Number(lines) }),
        ...(characters === undefined ? {} : { characters: Number(characters) }),
      };
    });
}
