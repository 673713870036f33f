/** Claude Code 2.1.332 gives a folded paste to the model, and records it, between tags of its own; 2.1.197 had none. */
const wrapped = /^\s*<pasted_content id="([^"\n]*)">\n([\s\S]*)\n<\/pasted_content id="\1">\s*$/u;

/** A text of the user as it was pasted, and the name of what the program put around it. */
export function asPasted(text: string): { text: string; change?: string } {
  const bare = wrapped.exec(text)?.[2];
  return bare === undefined ? { text } : { text: bare, change: "wrapped_as_pasted_content" };
}
