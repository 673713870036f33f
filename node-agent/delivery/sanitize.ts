/** A text and the names of the changes made to it. */
export interface ChangedText {
  readonly text: string;
  readonly transformation: readonly string[];
}

/* oxlint-disable no-control-regex -- control characters are what this file is about */
/** Whole escape sequences: CSI, OSC and the other strings up to BEL or ST, two-character escapes, and their C1 forms. */
const escapeSequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/gu;
/** C0 but tab and line feed, DEL, C1, and the interlinear marks that terminals draw wrongly. */
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufff9-\ufffb]/gu;
/* oxlint-enable no-control-regex */

/**
 * What no agent takes unharmed is changed before anything is typed: a carriage return is a second line break in all four, a line separator (U+2028) upsets the composer of Codex,
 * an embedded end-of-paste sequence would break out of the paste, other control characters act as keys or get lost.
 */
export function sanitize(text: string): ChangedText {
  const transformation: string[] = [];
  const change = (name: string, from: string, to: string): string => {
    if (to !== from) transformation.push(name);
    return to;
  };
  let result = change("line_ends_to_lf", text, text.replaceAll(/\r\n?|[\u2028\u2029]/gu, "\n"));
  result = change("escape_sequences_removed", result, result.replaceAll(escapeSequences, ""));
  result = change("control_characters_removed", result, result.replaceAll(controlCharacters, ""));
  return { text: result, transformation };
}
