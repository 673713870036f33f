import type { SecretRange } from "./secret-range.js";

const header = /\b(?:[Ss]et-)?[Cc]ookie["']?:[ \t]*["']?([^\n"']{1,4096})/gu;
/** Long, and with a digit: a session's, not a setting's. */
const value = /=(?=[^;,\s]*\d)([A-Za-z0-9%._~+/=-]{16,})/gu;

/** What the cookies of a header hold; their names stay. */
export function cookieValuesIn(text: string): SecretRange[] {
  if (!text.includes("Cookie") && !text.includes("cookie")) return [];
  return Array.from(text.matchAll(header)).flatMap((found) => {
    const at = found.index + found[0].length - (found[1] ?? "").length;
    return Array.from((found[1] ?? "").matchAll(value), (each) => ({ start: at + each.index + 1, end: at + each.index + each[0].length, label: "cookie" }));
  });
}
