import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { verbs } from "../../cli/commands/verbs.js";
import { profileSchema } from "../../core/config/profile-schema.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = ["README.md", "proto/GLOSSARY.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter((path) => path.endsWith(".md"));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The file that `cli/commands/verbs.ts` loads for a verb. */
function fileOf(verb: string): string {
  return new RegExp(`(?:^|\\s)["']?${verb}["']?: async \\(\\)[^/]*?import\\("\\./([a-z-]+)\\.js"\\)`, "u").exec(read("cli/commands/verbs.ts"))?.[1] ?? verb;
}

/** All TypeScript of a room. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? sources(path) : path.endsWith(".ts") ? [path] : [];
  });
}

describe("documents", () => {
  it.each(pages)("%s links only to what is there", (page) => {
    const links = Array.from(read(page).matchAll(/\]\((?!https?:)([^)#]+)/gu), (match) => match[1] ?? "");
    for (const link of links) expect(existsSync(join(root, dirname(page), link)), link).toBe(true);
  });

  it("what the programs say names only documents that are there", () => {
    const named = ["cli", "core", "sdk", "mcp", "coordinator", "node-agent"].flatMap(sources).flatMap((path) => Array.from(read(path).matchAll(/docs\/[a-z-]+\.md/gu), ([page]) => ({ path, page })));
    expect(named.length).toBeGreaterThan(5);
    for (const { path, page } of named) expect(existsSync(join(root, page)), `${page} of ${path}`).toBe(true);
  });

  it("README's map names rooms that are there", () => {
    const rooms = Array.from(read("README.md").matchAll(/^\| ((?:`[a-z/<>-]+`(?:, )?)+) \|/gmu), (match) => match[1] ?? "").flatMap((cell) => Array.from(cell.matchAll(/`([^`]+\/[^`]*)`/gu), (m) => m[1] ?? ""));
    expect(rooms.length).toBeGreaterThan(8);
    for (const room of rooms) expect(existsSync(join(root, room.replace("<kind>", "claude"))), room).toBe(true);
  });

  it.each(pages)("%s names only verbs and flags that exist", async (page) => {
    const commands = Array.from(read(page).matchAll(/(?:^|[`$|] ?)dispatch ([a-z]+(?:-[a-z]+)*)([^`\n]*)/gmu), (match) => [match[1] ?? "", match[2] ?? ""] as const);
    for (const [verb, rest] of commands) {
      expect(Object.keys(verbs), `dispatch ${verb}`).toContain(verb);
      const file = read(`cli/commands/${fileOf(verb)}.ts`) + read("cli/dispatch-command.ts");
      for (const [flag] of rest.matchAll(/(?<=\s)--?[a-z][a-z-]*/gu)) expect(file, `dispatch ${verb} ${flag}`).toMatch(new RegExp(`["',]${flag}[",]`, "u"));
    }
  });

  it("npm scripts that are named exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) => Array.from(read(page).matchAll(/npm (?:run )?(test[:a-z]*|demo|check|build|bench:[a-z]+)\b/gu), (match) => match[1] ?? ""));
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it("the profile in docs/profiles.md is valid", () => {
    const json = /```json\n([\s\S]*?)```/u.exec(read("docs/profiles.md"))?.[1] ?? "";
    const { profiles } = JSON.parse(json) as { profiles: unknown[] };
    expect(profiles.map((profile) => profileSchema.safeParse(profile).success)).toEqual([true]);
  });

  it("docs/texts.md names every change that the code can name, and no other", () => {
    const documented = new Set(Array.from(read("docs/texts.md").matchAll(/^\| `([a-z_]+)` \|/gmu), (match) => match[1] ?? ""));
    const code = ["node-agent/agents", "node-agent/records", "node-agent/delivery"].flatMap(sources).map(read).join("\n");
    const named = new Set(Array.from(code.matchAll(/(?:name: |change\(|change: |beside, |beside: \[)"([a-z]+(?:_[a-z]+)+)"/gu), (match) => match[1] ?? ""));
    expect([...documented].sort()).toEqual([...named].sort());
  });
});
