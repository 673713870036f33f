import type { Composer, PasteMarker } from "../agents/agent-adapter.js";

/**
 * What the composer holds, seen from our text.
 * `ours`: our text and only our text. `partial`: a part of it (still being drawn). `other`: something that is not ours.
 */
export type ComposerContent = "empty" | "ours" | "partial" | "other";

export function compareComposer(composer: Composer, pasted: string): ComposerContent {
  if (composer.markers.length > 0) {
    if (isFolded(composer, pasted)) return "ours";
    // Our own text may name markers; then its characters decide.
    if (!composer.markers.every((marker) => pasted.includes(marker.raw))) return "other";
  }
  const shown = squeeze(composer.text);
  const wanted = squeeze(pasted);
  if (shown === wanted) return shown === "" && composer.text.trim() === "" && pasted.trim() !== "" ? "empty" : "ours";
  if (shown === "") return composer.text.trim() === "" ? "empty" : "partial";
  if (composer.clipped && isTail(wanted, shown)) return "ours";
  if (!wanted.includes(shown)) return compareReliable(composer, pasted);
  // What is missing may never be drawn: then the rest decides, where there is enough of it.
  return unreliable.test(pasted) && reliable(pasted).length >= tellingLength && reliable(composer.text) === reliable(pasted) ? "ours" : "partial";
}

/**
 * Terminals and agents lay out joined emoji, combining marks, right-to-left runs and unassigned characters in their own ways:
 * for a text that has them, only what every terminal shows alike (ASCII) is compared.
 */
function compareReliable(composer: Composer, pasted: string): ComposerContent {
  if (!unreliable.test(pasted)) return "other";
  const shown = reliable(composer.text);
  const wanted = reliable(pasted);
  if (shown === wanted) return "ours";
  if (composer.clipped && isTail(wanted, shown)) return "ours";
  return wanted.includes(shown) ? "partial" : "other";
}

/** A folded paste shows a count instead of the text, so the count is held against ours; nothing else may stand beside it. */
function isFolded(composer: Composer, pasted: string): boolean {
  const [marker, ...more] = composer.markers;
  return marker !== undefined && more.length === 0 && squeeze(composer.text.replace(marker.raw, "")) === "" && countsFit(marker, pasted);
}

function countsFit(marker: PasteMarker, pasted: string): boolean {
  const { lines, characters } = marker;
  if (characters !== undefined && !fits(characters, [pasted.length, Array.from(pasted).length, pasted.trim().length])) return false;
  const breaks = pasted.split("\n").length - 1;
  // Agents count line breaks or lines, with or without those at the ends.
  return lines === undefined || fits(lines, [breaks, breaks + 1, pasted.trim().split("\n").length - 1, pasted.trim().split("\n").length]);
}

function fits(count: number, allowed: readonly number[]): boolean {
  return allowed.includes(count);
}

/** The composer scrolls, so what it shows is the end of the text (or, with the cursor's row added, close to it). */
function isTail(wanted: string, shown: string): boolean {
  return shown.length > 0 && wanted.endsWith(shown);
}

/** Blanks, invisible characters, forms of composition, skin tones and what is joined to an emoji differ between a text and its picture (tmux 3.3a drops some). */
function squeeze(text: string): string {
  return text.normalize("NFC").replaceAll(/\p{Emoji_Modifier}|[\uFE00-\uFE0F]/gu, "").replaceAll(/(\p{Extended_Pictographic})(?:\u200D\p{Extended_Pictographic}?)+/gu, "$1")
    .replaceAll(/[\s\p{Cf}\p{Cc}\u2800]/gu, "");
}

/** So many characters that every terminal shows alike tell one text from another. */
const tellingLength = 3;

const unreliable =
  /[\p{M}\p{Cf}\p{Co}\p{Cn}\p{Extended_Pictographic}\p{Regional_Indicator}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Taken apart first: a letter must count the same with its mark composed (as Claude Code shows it) and beside it. */
function reliable(text: string): string {
  return text.normalize("NFD").replaceAll(/[^!-~]/gu, "");
}
