import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Cli, type Definition } from "clipanion";
import { describe, expect, it } from "vitest";
import { verbs } from "../../cli/commands/verbs.js";
import { environmentValues } from "../../core/config/environment-values.js";
import { parityObjects, parityVariables } from "./parity-fields.js";
import { parityRows } from "./parity-rows.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the command line says of itself, by the words that name a command. */
const definitions = new Map<string, Definition>();
for (const load of Object.values(verbs)) {
  for (const definition of Cli.from(await load(), { binaryName: "dispatch" }).definitions()) definitions.set(definition.path.replace(/^dispatch /u, ""), definition);
}

function optionOf(verb: string, flag: string): { names: string; description: string } | undefined {
  const definition = definitions.get(verb);
  if (!definition) return undefined;
  if (flag === "") return { names: "", description: definition.description ?? "" };
  if (flag.startsWith("<")) return /[[<]/u.test(definition.usage.replace(/\[-[^\]]*\]|\[--[^\]]*\]/gu, "")) ? { names: flag, description: "" } : undefined;
  const option = definition.options.find(({ definition: text }) => (text.split(" ")[0] ?? "").split(",").includes(flag));
  return option && { names: option.definition.replace(/ #\d+$/u, " …"), description: option.description ?? "" };
}

describe("parity with the predecessor", () => {
  it.each(parityRows)("dispatch %s %s is there", (verb, flag) => {
    expect(optionOf(verb, flag)).toBeDefined();
  });

  it.each(parityObjects)("$name has its fields", ({ fields, printed }) => {
    expect(Object.keys(printed)).toEqual(expect.arrayContaining([...fields]));
  });

  it.each(parityVariables.flatMap(([names]) => names))("%s may be set", (name) => {
    expect(() => environmentValues({ [name]: "5" })).not.toThrow();
  });

  const held = [...parityRows.map(([, , file, title]) => [file, title]), ...parityObjects.map(({ file, title }) => [file, title]), ...parityVariables.map(([, , file, title]) => [file, title])];
  it.each([...new Set(held.map((place) => JSON.stringify(place)))])("is held by a test that there is: %s", (place) => {
    const [file, title] = JSON.parse(place) as [string, string];
    expect(readFileSync(join(root, file), "utf8")).toContain(JSON.stringify(title).slice(1, -1));
  });

  it("short and long names are one option", () => {
    const pairs = [["send", "-t", "--to"], ["send", "-p", "--prompt"], ["send", "-f", "--file"], ["send", "-m", "--machine"], ["key", "-t", "--to"], ["key", "-k", "--key"], ["key", "-m", "--machine"], ["exec", "-t", "--to"], ["exec", "-c", "--command"], ["exec", "-m", "--machine"], ["targets", "-m", "--machine"], ["list", "-s", "--status"], ["list", "-n", "--limit"], ["capture", "-t", "--to"], ["capture", "-n", "--lines"], ["capture", "-m", "--machine"], ["schedule", "-f", "--file"], ["schedule", "-m", "--machine"], ["schedules", "-s", "--status"], ["loops", "-s", "--status"]] as const;
    for (const [verb, short, long] of pairs) expect(optionOf(verb, short), `${verb} ${short}`).toEqual(optionOf(verb, long));
  });

  it("docs/parity.md says what there is (npx vitest run test/docs -u writes it)", async () => {
    const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
    const lines = parityRows.map(([verb, flag, file, title]) => {
      const option = optionOf(verb, flag);
      return `| \`${verb}\` | ${option?.names ? `\`${option.names}\`` : ""} | ${cell(option?.description ?? "")} | ${cell(`${file}: ${title}`)} |`;
    });
    const page = [
      "# What the predecessor's command line had, here", "",
      "Every verb and flag, what it does here, and the test that holds it to that. Where the behaviour differs on purpose: [differences.md](differences.md).", "",
      "| verb | flag | here | held by |", "|---|---|---|---|", ...lines, "",
      "## What is printed as JSON", "", "| object | fields | held by |", "|---|---|---|",
      ...parityObjects.map(({ name, fields, file, title }) => `| ${name} | ${fields.map((field) => `\`${field}\``).join(" ")} | ${cell(`${file}: ${title}`)} |`), "",
      "## Variables", "", "| variable | here | held by |", "|---|---|---|",
      ...parityVariables.map(([names, here, file, title]) => `| ${names.map((name) => `\`${name}\``).join(" ")} | ${cell(here)} | ${cell(`${file}: ${title}`)} |`), "",
    ].join("\n");
    await expect(page).toMatchFileSnapshot(join(root, "docs/parity.md"));
  });
});
