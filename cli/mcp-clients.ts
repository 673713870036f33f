import { applyEdits, modify, parse, type ParseError } from "jsonc-parser";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../core/config/environment.js";
import { DispatchError } from "../core/errors/dispatch-error.js";

export const mcpClients = ["claude", "codex", "opencode", "gemini"] as const;
export type McpClientName = (typeof mcpClients)[number];

export interface McpClient {
  /** Its configuration. */
  readonly file: string;
  /** The text of its configuration with our server in it, or without. The rest of it stays as it is, comments too. */
  readonly edit: (text: string, command: readonly string[] | undefined) => string;
}

const [begin, end] = ["# begin: dispatch mcp install", "# end: dispatch mcp install"];

/** Where each client has its configuration, and how it is told of a server (claude 2.1, codex 0.145, opencode 1.18, gemini 0.52). */
export function mcpClient(name: McpClientName, environment: Environment): McpClient {
  const home = environment["HOME"] || homedir();
  switch (name) {
    case "claude": return inJson(join(environment["CLAUDE_CONFIG_DIR"] || home, ".claude.json"), ["mcpServers", "dispatch"], ([command, ...args]) => ({ type: "stdio", command, args }));
    case "gemini": return inJson(join(home, ".gemini", "settings.json"), ["mcpServers", "dispatch"], ([command, ...args]) => ({ command, args }));
    case "opencode": {
      const folder = join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "opencode");
      const file = ["opencode.jsonc", "opencode.json"].map((one) => join(folder, one)).find(existsSync) ?? join(folder, "opencode.json");
      return inJson(file, ["mcp", "dispatch"], (command) => ({ type: "local", command, enabled: true }));
    }
    case "codex": return { file: join(environment["CODEX_HOME"] || join(home, ".codex"), "config.toml"), edit: inToml };
  }
}

function inJson(file: string, path: string[], entry: (command: readonly string[]) => unknown): McpClient {
  return {
    file,
    edit(text, command) {
      const errors: ParseError[] = [];
      const whole: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
      if (errors.length > 0 || (text.trim() !== "" && (typeof whole !== "object" || whole === null || Array.isArray(whole)))) {
        throw new DispatchError("invalid_config", `${file} is not JSON that can be changed. Nothing was written.`, { metadata: { file } });
      }
      const ours: unknown = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], whole);
      const isOurs = ours === undefined || JSON.stringify(ours).includes("dispatch-mcp");
      if (!isOurs && command) throw foreign(path.join("."));
      const holder = (whole as Record<string, unknown> | undefined)?.[path[0] ?? ""];
      if (holder !== undefined && (typeof holder !== "object" || holder === null || Array.isArray(holder))) throw new DispatchError("invalid_config", `${file}: ${path[0]} is no object. Nothing was written.`, { metadata: { file } });
      if (!isOurs || (ours === undefined && !command)) return text;
      const edited = applyEdits(text, modify(text, path, command && entry(command), { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
      return edited === "" || edited.endsWith("\n") ? edited : `${edited}\n`;
    },
  };
}

function foreign(field: string): DispatchError {
  return new DispatchError("invalid_config", `There is a ${field} already that was not written by this program. Nothing was written; take it out first.`, { metadata: { field } });
}

/** Between two lines of ours; TOML has tables in any order. */
function inToml(text: string, command: readonly string[] | undefined): string {
  const without = text.replace(new RegExp(`\\n?${begin}\\n[\\s\\S]*?${end}\\n?`), "");
  if (!command) return without;
  // As a table of its own, under another name of it, or in one line of [mcp_servers]: TOML takes no table twice.
  if (/^\s*(?:\[\s*)?mcp_servers\s*(?:\.\s*["']?dispatch["']?\s*[\].=]|=)|^\s*\[\s*mcp_servers\s*\][^[]*?^\s*["']?dispatch["']?\s*[.=]/m.test(without)) throw foreign("mcp_servers.dispatch");
  const [program, ...args] = command;
  // JSON's strings are TOML's basic strings.
  const block = [begin, "[mcp_servers.dispatch]", `command = ${JSON.stringify(program)}`, `args = [${args.map((arg) => JSON.stringify(arg)).join(", ")}]`, "tool_timeout_sec = 3600", end, ""].join("\n");
  return without === "" ? block : `${without.replace(/\n*$/, "\n")}\n${block}`;
}
