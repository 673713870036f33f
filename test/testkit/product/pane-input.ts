/** What came in at a terminal, told apart. */
export interface PaneInput {
  /** Texts of bracketed pastes, in order, with LF line ends. */
  readonly pastes: readonly string[];
  /** All that came beside them. */
  readonly keys: string;
  /** Submit keys beside them. */
  readonly enters: number;
}

/** Reads the bytes that an agent logged: the truth about what was typed. */
export function paneInput(bytes: Buffer): PaneInput {
  const pastes: string[] = [];
  // oxlint-disable-next-line no-control-regex -- the brackets of a paste are escape sequences
  const keys = bytes.toString().replaceAll(/\u001b\[200~(.*?)\u001b\[201~/gsu, (_all, text: string) => {
    pastes.push(text.replaceAll("\r", "\n"));
    return "";
  });
  return { pastes, keys, enters: keys.split("\r").length - 1 };
}
