import { withoutBlanks } from "./prompt-line.js";

/** So many lines of a pane are looked at for what a command printed. */
export const outputLines = 2_000;

export interface OutputRequest {
  /** The pane's text before Enter; its last line is the command's. */
  readonly before: string;
  /** The pane's text now. */
  readonly after: string;
  readonly prompt: string;
  readonly command: string;
  /** The prompt that came back, at the end of the last line. */
  readonly nextPrompt: string | undefined;
}

/** What was printed after the command's line, without the prompt that came back. `whole` is false where the beginning has scrolled away. */
export function commandOutput({ before, after, prompt, command, nextPrompt }: OutputRequest): { text: string; whole: boolean } {
  const lines = after.split("\n");
  const line = withoutBlanks(prompt + command);
  const places = endsOf(line, lines);
  // The output may hold the line again: as long as nothing has scrolled away ours is the one that was last before.
  const ours = endsOf(line, before.split("\n")).length - 1;
  const at = lines.length < outputLines ? places[ours] : places.at(-1);
  const printed = lines.slice((at ?? -1) + 1);
  if (nextPrompt !== undefined) {
    const last = printed.pop() ?? "";
    // Without a line end the prompt follows the last line of the output; after `cd` it may be another prompt.
    const shown = [prompt, nextPrompt].map((each) => each.trimEnd()).find((each) => last.endsWith(each)) ?? last;
    if (last !== shown) printed.push(last.slice(0, last.length - shown.length));
  }
  return { text: printed.join("\n"), whole: at !== undefined };
}

/** Where the line ends wherever it stands; a shell breaks a long one over several rows itself. */
function endsOf(line: string, rows: readonly string[]): number[] {
  const bare = rows.map(withoutBlanks);
  return bare.flatMap((first, start) => {
    let shown = first;
    let end = start;
    while (shown !== "" && shown.length < line.length && line.startsWith(shown) && end + 1 < bare.length) shown += bare[++end] ?? "";
    return shown === line ? [end] : [];
  });
}
