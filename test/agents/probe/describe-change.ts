/** Names what happened between the pasted text and the one that arrived: "exact", a list of known changes, or where they part. */
export function describeChange(sent: string, got: string): string {
  if (got === sent) return "exact";
  const names: string[] = [];
  let text = sent;
  const apply = (name: string, change: (value: string) => string) => {
    if (text === got) return;
    const changed = change(text);
    if (changed !== text && distance(changed, got) < distance(text, got)) {
      text = changed;
      names.push(name);
    }
  };
  apply("NFC", (value) => value.normalize("NFC"));
  apply("tabs to 4 spaces", (value) => value.replaceAll("\t", "    "));
  apply("file content appended", (value) => got.startsWith(value) && got.includes("--- Content from referenced files ---") ? got : value);
  apply("end trimmed", (value) => value.trimEnd());
  apply("start trimmed", (value) => value.trimStart());
  apply("space added at the end", (value) => `${value} `);
  apply("CR", (value) => value.replaceAll("\n", "\r"));
  if (text === got) return names.join(" + ");
  return [...names, parting(text, got)].join(" + ");
}

/** Length of what is not shared at both ends: small when a change brought the two nearer. */
function distance(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let start = 0;
  while (start < limit && a[start] === b[start]) start++;
  let end = 0;
  while (end < limit - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return a.length + b.length - 2 * (start + end);
}

function parting(sent: string, got: string): string {
  const limit = Math.min(sent.length, got.length);
  let start = 0;
  while (start < limit && sent[start] === got[start]) start++;
  let end = 0;
  while (end < limit - start && sent[sent.length - 1 - end] === got[got.length - 1 - end]) end++;
  const show = (value: string) => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…(${value.length})` : value).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `at ${start}: ${show(sent.slice(start, sent.length - end))} became ${show(got.slice(start, got.length - end))}`;
}
