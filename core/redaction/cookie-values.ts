import type { SecretRange } from "./secret-range.js";

const header = /\b(?:[Ss]et-)?[Cc]ookie["']?:[ \t]*["']?([^\n"']{1,4096})/gu;
/** Long, and with a digit: a session's, not a setting's. What has no digit is gone over as a whole, without the group. */
const value = /=(?=[A-Za-z0-9%._~+/=-]{16})(?:(?=[^;,\s]*\d)([A-Za-z0-9%._~+/=-]+)|[^;,\s]*)/gu;

/** What the cookies of a header hold; their names stay. */
export function cookieValuesIn(text: string): SecretRange[] {
  if (!text.includes("Cookie") && !text.includes("cookie")) return [];
  return Array.from(text.matchAll(header)).flatMap((found) => {
    const at = found.index + found[0].length - (found[1] ?? "").length;
    const values = Array.from((found[1] ?? "").matchAll(value)).filter((each) => each[1] !== undefined);
    return values.map((each) => ({ start: at + each.index + 1, end: at + each.index + each[0].length, label: "cookie" }));
  });
}
