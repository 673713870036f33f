/** One argument for tmux's own command parser: single quotes keep everything but themselves. Throws on what would end the line. */
export function quoteArgument(text: string): string {
  if (/[\n\r\0]/u.test(text)) throw new RangeError("an argument of a tmux command line cannot hold a line end");
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
