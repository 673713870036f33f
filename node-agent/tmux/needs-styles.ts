/** Lines across, alone and with a corner, shades and dots, as they stand without their character set. */
const drawnRuns = ["qq", "qk", "qj", "aaa", "ooo", "ppp", "rrr", "sss", "~~~", "```"];
/** A piece of a line down: a letter by itself. */
const drawnDown = /x(?<![A-Za-z0-9_]x)(?![A-Za-z0-9_])/u;
const control = /[\u007F-\u009F]/u;

/**
 * Whether a text that tmux wrote without styles may be another one with them: only these tell line drawing from letters. To take letters
 * for line drawing costs another capture, and nothing else. Symbols that stand by themselves (such as a diamond, kept as a backtick) are not
 * told by it.
 */
export function needsStyles(text: string): boolean {
  return drawnRuns.some((run) => text.includes(run)) || drawnDown.test(text) || control.test(text);
}
