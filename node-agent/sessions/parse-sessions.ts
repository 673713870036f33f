import type { TargetAddress } from "../../core/domain/target.js";

const listNames = ["targets", "sessions", "panes", "items", "rows", "data"];
const targetNames = ["target", "tmuxTarget", "tmux_target", "tmux", "pane", "paneTarget"];
const machineNames = ["machine", "machineId", "machine_id", "host"];

type Item = Readonly<Record<string, unknown>>;

/**
 * The panes that a registry's JSON names: a list, or an object whose first list among targets, sessions, panes, items, rows and data holds
 * them. `query` keeps the items whose JSON holds it, in any case. Undefined where the JSON has no such list.
 */
export function parseSessions(json: unknown, query: string): TargetAddress[] | undefined {
  const items = Array.isArray(json) ? (json as unknown[]) : listIn(json);
  if (!items) return undefined;
  const wanted = query.toLowerCase();
  const found = items.filter(isItem).filter((item) => JSON.stringify(item).toLowerCase().includes(wanted)).flatMap((item) => {
    const pane = firstText(item, targetNames);
    return pane === undefined ? [] : [{ machine: firstText(item, machineNames) ?? "", server: "", pane }];
  });
  return [...new Map(found.map((address) => [JSON.stringify(address), address])).values()];
}

function listIn(json: unknown): readonly unknown[] | undefined {
  if (!isItem(json)) return undefined;
  return listNames.map((name) => json[name]).find((value): value is unknown[] => Array.isArray(value));
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function firstText(item: Item, names: readonly string[]): string | undefined {
  return names.map((name) => item[name]).find((value): value is string => typeof value === "string" && value.trim() !== "")?.trim();
}
