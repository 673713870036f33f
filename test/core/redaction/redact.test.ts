import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "../../../core/redaction/redact.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cases = JSON.parse(readFileSync(join(root, "test/fixtures/redaction/predecessor-cases.json"), "utf8")) as { name: string; input: string; output: string; changed: boolean }[];
const clean = async (text: string, width?: number): Promise<string> => (await redact(text, { width })).text;

describe("what the predecessor redacts", () => {
  it.each(cases.filter(({ changed }) => changed))("is redacted the same: $name", async ({ input, output }) => {
    expect(await clean(input)).toBe(output);
  });

  // Its gaps, by its own cases: each of these went through.
  it.each(["aws session key id not covered", "prefixed name with underscore", "aws secret env", "jwt bare", "url credentials", "npm token bare", "quoted with spaces"])("and what it lets through: %s", async (name) => {
    const found = cases.find((each) => each.name === name);
    if (!found) throw new Error("no such case");
    expect((await redact(found.input)).count).toBe(1);
  });
});

describe("secrets by their names", () => {
  it.each([
    ["GITHUB_TOKEN=abcdef123", "GITHUB_TOKEN=<redacted:secret>"],
    ["export DB_PASSWORD='two words here'", "export DB_PASSWORD=<redacted:secret>"],
    ['{"password": "x y zz"}', '{"password": "<redacted:secret>"}'],
    ['{\\"token\\": \\"abc123def\\"}', '{\\"token\\": \\"<redacted:secret>\\"}'],
    ["secret_key_base: 0123abcd0123", "secret_key_base: <redacted:secret>"],
    ["mysql --password hunter22x -u me", "mysql --password <redacted:secret> -u me"],
    ["PGPASSWORD=hunter22 psql", "PGPASSWORD=<redacted:secret> psql"],
    ["curl -u me:hunter22 https://x", "curl -u me:<redacted:password> https://x"],
    ["redis://:hunter22@cache:6379/0", "redis://:<redacted:url-password>@cache:6379/0"],
    ["Authorization: Basic dXNlcjpwYXNzd29yZA==", "Authorization: Basic <redacted:basic-credentials>"],
    ["DB_PASS=a1b2c3d4", "DB_PASS=<redacted:secret>"],
    ["APP_KEY=Z8yrUwFZpEhI6YLRDQBY", "APP_KEY=<redacted:secret>"],
    ['"licenseKey": "Q6h2Kd81sLm0PzXw4T"', '"licenseKey": "<redacted:secret>"'],
    ["  - name: API_TOKEN\n    value: 9XK2kd81lsPq", "  - name: API_TOKEN\n    value: <redacted:secret>"],
    ['{"name": "DB_PASSWORD", "value": "9XK2kd81lsPq"}', '{"name": "DB_PASSWORD", "value": <redacted:secret>}'],
    ['<add key="ApiKey" value="9XK2kd81lsPq"/>', '<add key="ApiKey" value=<redacted:secret>/>'],
    ["<password>hunter22</password>", "<password><redacted:secret></password>"],
    ["define('DB_PASSWORD', 'p@ssw0rd!');", "define('DB_PASSWORD', '<redacted:secret>');"],
    ["set -gx API_TOKEN 9XK2kd81lsPq", "set -gx API_TOKEN <redacted:secret>"],
    ['export ENCRYPTION_KEY="vnnxdMYABWyggUMwtygb"', "export ENCRYPTION_KEY=<redacted:secret>"],
    ['password: "a\\"bcdef1"', "password: <redacted:secret>"],
    ["api key = Q6h2Kd81sLm0PzXw4T", "api key = <redacted:secret>"],
    ["token:      Q6h2Kd81sLm0PzXw4T", "token:      <redacted:secret>"],
    ["token   Q6h2Kd81sLm0PzXw4T", "token   <redacted:secret>"],
    ["The password is hunter2Xy9.", "The password is <redacted:secret>."],
    ["GET /x?access_token=a1b2c3d4&page=2", "GET /x?access_token=<redacted:secret>&page=2"],
    ["sshpass -p 's3cret pw' ssh x", "sshpass -p <redacted:password> ssh x"],
    ["docker login -u bob -p s3cretpw1 reg", "docker login -u bob -p <redacted:password> reg"],
    ["mysql -u root\t-pTr0ub4dor db", "mysql -u root\t-p<redacted:password> db"],
    ["key LTAI4Fz8QkV2mN7pXw1s in use", "key <redacted:token> in use"],
    ["mysql -u root -pTr0ub4dor db", "mysql -u root -p<redacted:password> db"],
    ["machine api.x.com login bob password s3cretpw", "machine api.x.com login bob password <redacted:password>"],
    ["db.example.com:5432:app:bob:s3cretpw", "db.example.com:5432:app:bob:<redacted:password>"],
    ["Authorization: token 0123456789abcdef0123", "Authorization: token <redacted:authorization>"],
    ["Cookie: theme=dark; sid=s%3A4Gk2Qm81sLm0PzXw4T", "Cookie: theme=dark; sid=<redacted:cookie>"],
    ["https://ay4g8ayy478904ndh1xe@dev.azure.com/x.git", "https://<redacted:url-token>@dev.azure.com/x.git"],
    ["bob:$apr1$1HRy4nEt$Oyv69WHW30nFrJJvlgG1SU", "bob:<redacted:password-hash>"],
  ])("%s", async (text, redacted) => {
    expect(await clean(text)).toBe(redacted);
  });

  it.each([
    "pwd=/home/x", "PWD=/home/x/work OLDPWD=/", "password: string;", "const token = await getToken();", "apiKey: process.env.API_KEY,", "connect(password=password)",
    "token: base64url", "input_tokens: 123456", "max_token=1000000", "postgres://user:password@localhost/db", "passwordHash(password)", '"password": "Enter your password"',
    "TOKEN=${GITHUB_TOKEN}", "password: <your password>", "--token TOKEN", "the secret is out", "if (token === null) return;", "tokens: 123456", "Bearer abc123",
    "Basic Installation", "a basic understanding of it", "token         = 1*tchar", "cacheKey: 'my-app-v2-settings'", "PRIMARY_KEY=Q6h2Kd81sLm0PzXw4T", "PASS: test-12.sh", "bypass = a1b2c3d4", "first-pass: 12 of 14",
    "machine HOSTNAME login USERID password \"PASSWORD\"", "the password is required", "the token is base64url", "Promise<Token>(x1y2z3)", "key-value", 'START = b"-----BEGIN OPENSSH PRIVATE KEY-----"',
    "Authorization: Bearer <token>", "Cookie: theme=dark-high-contrast", "docker login -u bob registry.example.com", "mysql -u root -p db", "storageKey = 'theme-settings-2024'",
  ])("no secret: %s", async (text) => {
    expect(await redact(text)).toEqual({ text, count: 0 });
  });
});

it.each(["// secretlint-disable-line", "/* secretlint-disable-next-line @secretlint/secretlint-rule-github */", "<!-- secretlint-disable -->"])("%s in a text switches nothing off", async (comment) => {
  expect(await clean(`${comment}\nghp_${"aB3".repeat(12)} ${comment}`)).toBe(`${comment}\n<redacted:github-token> ${comment}`);
});

describe("private keys", () => {
  const body = Array.from({ length: 6 }, (_, row) => `MIIEpAIBAAKCAQEA${"abcdefgh0123".repeat(4)}${row}`).join("\n");
  it.each([
    ["whole", `before\n-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\nafter`],
    ["in a frame", `before\n${`-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`.replaceAll(/^/gmu, "│ ").replaceAll(/$/gmu, " │")}\nafter`],
    ["without its end", `before\n-----BEGIN PRIVATE KEY-----\n${body}\nafter it`],
    ["without its beginning", `before it\n${body}\n-----END EC PRIVATE KEY-----\nafter`],
    ["in JSON", `{"key": "-----BEGIN PRIVATE KEY-----\\n${body.replaceAll("\n", "\\n")}\\n-----END PRIVATE KEY-----\\n"}`],
  ])("%s", async (_name, text) => {
    const redacted = await clean(text);
    expect(redacted).not.toMatch(/MIIEp|abcdefgh0123/u);
    expect(redacted).toContain("<redacted:private-key>");
    for (const word of ["before", "after"]) expect(redacted.includes(word)).toBe(text.includes(word));
  });
});

describe("secrets that go on in the next row", () => {
  const token = "ghp_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3";
  it.each([
    ["at the edge of the pane", `${"x".repeat(29)} ${token.slice(0, 10)}\n${token.slice(10)} rest`, 40],
    ["within a frame", `│ ${"x".repeat(25)} ${token.slice(0, 10)} │\n│ ${token.slice(10)} rest      │`, 40],
  ])("%s", async (_name, text, width) => {
    const redacted = await clean(text, width);
    expect(redacted).not.toContain(token.slice(10));
    expect(redacted).toContain("<redacted:github-token>");
    expect(redacted).toContain("rest");
    expect(redacted.split("\n")).toHaveLength(2);
  });

  it("rows that are not full are not joined", async () => {
    const text = "the key is sk-abc\ndefghijklmnopqrstuvwxyz0123456789";
    expect(await clean(text, 80)).toBe(text);
  });
});

const alphanumeric = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];
const random = (length: number) => fc.array(fc.constantFrom(...alphanumeric), { minLength: length, maxLength: length }).map((letters) => letters.join(""));
const hexadecimal = (length: number) => fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length }).map((digits) => digits.join(""));
const planted: fc.Arbitrary<readonly [before: string, secret: string, after: string]> = fc.oneof(
  ...[["sk-proj-", 40], ["sk-ant-api03-", 40], ["ghp_", 36], ["gho_", 36], ["github_pat_", 60], ["glpat-", 20], ["xoxb-", 40], ["xapp-1-", 40], ["npm_", 36], ["AIza", 35], ["gsk_", 40], ["hf_", 34]].map(
    ([prefix, length]) => random(Number(length)).map((rest) => ["", `${prefix}${rest}`, ""] as const)),
  fc.array(fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), { minLength: 16, maxLength: 16 }).chain((rest) => fc.constantFrom("AKIA", "ASIA").map((prefix) => ["", prefix + rest.join(""), ""] as const)),
  ...[["whsec_", 32], ["glsa_", 41], ["hvs.", 90], ["sbp_", -40], ["dckr_pat_", 27], ["figd_", 40], ["ntn_", 46], ["sq0atp-", 22], ["rubygems_", -48], ["r8_", 37], ["pplx-", 48], ["tskey-auth-", 17, "-", 32], ["sgp_", -40], ["nvapi-", 64], ["dapi", -32], ["key-", -32], ["tgp_v1_", 43]].map(
    ([prefix, length, ...more]) => fc.tuple(Number(length) < 0 ? hexadecimal(-Number(length)) : random(Number(length)), random(Number(more[1] ?? 0))).map(([one, two]) => ["", `${prefix}${one}${more[0] ?? ""}${two}`, ""] as const)),
  random(12).map((value) => ["SERVICE_API_KEY=", `${value}7a`, ""] as const),
  random(12).map((value) => ["set -gx SERVICE_TOKEN ", `${value}7a`, ""] as const),
  random(12).map((value) => ["- name: SERVICE_TOKEN\n  value: ", `${value}7a`, ""] as const),
  random(12).map((value) => ['{"client_secret": "', `${value}7a`, '"}'] as const),
  random(12).map((value) => ["https://me:", `${value}7a`, "@host/path"] as const),
  random(30).map((value) => ["Authorization: Bearer ", value, ""] as const),
  fc.tuple(random(20), random(20), random(20)).map(([a, b, c]) => ["", `eyJ${a}.eyJ${b}.${c}`, ""] as const),
);
const prose = fc.array(fc.constantFrom("the", "build", "failed", "at", "line", "42:", "const", "x", "=", "run();", "│", "❯", "ok", "token", "key", "\n", "日本", "→"), { maxLength: 40 }).map((words) => words.join(" "));

describe("planted secrets", () => {
  it("are gone, wherever they stand, and redacting again changes nothing", async () => {
    await fc.assert(fc.asyncProperty(prose, planted, prose, async (before, [name, secret, rest], after) => {
      const once = await clean(`${before} ${name}${secret}${rest} ${after}`);
      expect(once).not.toContain(secret);
      expect(await clean(once)).toBe(once);
    }), { numRuns: 600 });
  });

  it("any text: what is redacted stays redacted, and no row is lost", async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (text) => {
      const once = await clean(text);
      expect(await clean(once)).toBe(once);
      expect(once.split("\n")).toHaveLength(text.split("\n").length);
    }), { numRuns: 300 });
  });
});

/** Source code and documents that hold no secrets, in one order on every machine. */
function* ordinaryLines(): Generator<string> {
  for (const folder of ["node_modules/@grpc/grpc-js/src", "node_modules/clipanion", "node_modules/zod/v4", "node_modules/express/lib", "node-agent", "coordinator", "cli"]) {
    for (const path of filesIn(join(root, folder))) yield readFileSync(path, "utf8");
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : /\.(?:ts|js|md)$/u.test(name) ? [path] : [];
  });
}

it("ordinary source code and documents lose nothing: no false alarm in more than 10,000 lines", async () => {
  let lines = 0;
  const alarms: string[] = [];
  for (const text of ordinaryLines()) {
    const { text: redacted } = await redact(text);
    const rows = redacted.split("\n");
    for (const [index, line] of text.split("\n").entries()) {
      lines++;
      if (rows[index] !== line) alarms.push(line);
    }
  }
  expect(lines).toBeGreaterThan(10_000);
  expect(alarms).toEqual([]);
});
