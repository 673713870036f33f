import type { Composer, PasteMarker } from "../agents/agent-adapter.js";

/**
 * What the composer holds, seen from our text.
 * `ours`: our text and only our text. `partial`: a part of it (still being drawn). `other`: something that is not ours.
 */
export type ComposerContent = "empty" | "ours" | "partial" | "other";

export function compareComposer(composer: Composer, pasted: string): ComposerContent {
  if (composer.markers.length > 0) return compareMarkers(composer, pasted);
  const shown = squeeze(composer.text);
  const wanted = squeeze(pasted);
  if (shown === wanted) return shown === "" && composer.text.trim() === "" && pasted.trim() !== "" ? "empty" : "ours";
  if (shown === "") return composer.text.trim() === "" ? "empty" : "partial";
  if (composer.clipped && isTail(wanted, shown)) return "ours";
  if (wanted.includes(shown)) return "partial";
  return compareReliable(composer, pasted);
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
function compareMarkers(composer: Composer, pasted: string): ComposerContent {
  const rest = composer.markers.reduce((text, marker) => text.replace(marker.raw, ""), composer.text);
  const [marker, ...more] = composer.markers;
  if (!marker || more.length > 0 || squeeze(rest) !== "") {
    // Our own text may name a marker; then the text as a whole decides.
    return squeeze(composer.text) === squeeze(pasted) ? "ours" : "other";
  }
  return countsFit(marker, pasted) || squeeze(composer.text) === squeeze(pasted) ? "ours" : "other";
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

/** Blanks, invisible characters and forms of composition differ between a text and its picture. */
function squeeze(text: string): string {
  return text.normalize("NFC").replaceAll(/[\s\p{Cf}\p{Cc}\u2800]|[\uFE00-\uFE0F]/gu, "");
}

const unreliable =
  /[\p{M}\p{Cf}\p{Co}\p{Cn}\p{Extended_Pictographic}\p{Regional_Indicator}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

function reliable(text: string): string {
  return text.replaceAll(/[^!-~]/gu, "");
}
