import { describe, expect, it } from "vitest";
import { redact } from "../../../core/redaction/redact.js";

/** What patterns go back and forth over, or begin in again and again. */
const units = [
  "A", "a,", "=", "\"", "x y ", "A b,c ", "aA1", "Aa1.", "│ AAAA", "http://a:", "http://a:bcd1@x.yy ", "https://", "eyJ", "eyJ-", "%eyJA0123456789abcdef", "ghp_aB3aB3aB3aB3aB3aB3aB3 ", "SG.a.", "sk-ant-api03-", "xoxb-a-", "_authToken=", "?sig=",
  "pwd", "pwd=", "pwd=a.", "token", "tokens.", "TOKEN=", "password=", "token: 'a ", "token  ", "token='", "token\\\"", "valueTOKEN", "token:&a", "<password>", "key value: ", "aws_secret_access_key ",
  "curl ", "curl -u .", "mysql -", "mysql -p", "docker login ", "docker login -p ", "sshpass -p ", "machine a login b ", "Basic ", "authorization:a ", "a:5432:", "Cookie: a=", "Private-Lines: 1\n",
  "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----", "-----END PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "a:b: docker login -----END PRIVATE KEY-----\n",
  `Cookie: ${"a=".repeat(2_000)}\n`, `token${" ".repeat(4_000)}x\n`, `token is${" ".repeat(4_000)}\n`, `-----BEGIN PRIVATE KEY-----\n${"-".repeat(9_000)}A A\n`, `${"AAAAAAAAAAAAAAAA\n".repeat(600)}${"-----END PRIVATE KEY-----".repeat(100)}`,
];

/** Milliseconds that so many characters of the unit take. */
async function timeOf(unit: string, length: number): Promise<number> {
  const text = unit.repeat(length / unit.length + 1).slice(0, length);
  const began = performance.now();
  await redact(text, { width: 80 });
  return performance.now() - began;
}

describe("four times as long a text takes about four times as long", () => {
  const length = 20_000;

  it.each(units.map((unit) => [JSON.stringify(unit.slice(0, 60)), unit] as const))("%s", async (_name, unit) => {
    let short = Infinity;
    let long = Infinity;
    // Sixteen times would be quadratic. The machine may be busy: the best of a few runs counts, and what it takes to be told from noise.
    const isLinear = (): boolean => long <= 8 * short + 20;
    for (let run = 0; run < 10 && !(run > 1 && isLinear()); run++) {
      short = Math.min(short, await timeOf(unit, length));
      long = Math.min(long, await timeOf(unit, 4 * length));
    }
    expect(isLinear(), `${short} ms, then ${long} ms`).toBe(true);
  }, 120_000);
});
