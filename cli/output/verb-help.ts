import type { Definition } from "clipanion";

/** Options that every verb has stand last. */
const common = ["--data-dir", "--no-autostart", "--json"];

/** Description, options and examples of a verb, or of each of its subcommands. */
export function verbHelp(definitions: readonly Definition[]): string {
  return definitions.map(helpOf).join("\n");
}

function helpOf({ path, usage, description = "", details = "", examples = [], options }: Definition): string {
  const isCommon = (definition: string): boolean => common.some((name) => definition.startsWith(name));
  const sorted = [...options.filter((option) => !isCommon(option.definition)), ...options.filter((option) => isCommon(option.definition))];
  const shown = sorted.map((option) => ({ ...option, definition: option.definition.replace(/ #\d+/, " VALUE") }));
  const widest = Math.max(...shown.map(({ definition }) => definition.length));
  const positionals = usage.slice(path.length).replace(/ ?\[-[^\]]*\]/g, "");
  return [
    `${path}${positionals} [options]`,
    `  ${description.trim()}`,
    ...(details ? [`  ${details.trim()}`] : []),
    "",
    ...shown.map((option) => `  ${option.definition.padEnd(widest)}  ${option.description?.trim() ?? ""}`),
    ...examples.flatMap(([about, example]) => ["", `  ${about.trim()}:`, `    ${example}`]),
    "",
  ].join("\n");
}
