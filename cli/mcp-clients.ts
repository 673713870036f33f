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
      const edited = applyEdits(text, modify(text, path, command && entry(command), { formattingOptions: { insertSpaces: true, tabSize: 2 } }));
      return edited === "" || edited.endsWith("\n") ? edited : `${edited}\n`;
    },
  };
}

/** Between two lines of ours; TOML has tables in any order. */
function inToml(text: string, command: readonly string[] | undefined): string {
  const without = text.replace(new RegExp(`\\n?${begin}\\n[\\s\\S]*?${end}\\n?`), "");
  if (!command) return without;
  if (/^\s*\[mcp_servers\.(?:dispatch|"dispatch")\]/m.test(without)) throw new DispatchError("invalid_config", "There is an [mcp_servers.dispatch] already that was not written by this program. Nothing was written.", { metadata: { field: "mcp_servers.dispatch" } });
  const [program, ...args] = command;
  // JSON's strings are TOML's basic strings.
  const block = [begin, "[mcp_servers.dispatch]", `command = ${JSON.stringify(program)}`, `args = [${args.map((arg) => JSON.stringify(arg)).join(", ")}]`, "tool_timeout_sec = 3600", end, ""].join("\n");
  return without === "" ? block : `${without.replace(/\n*$/, "\n")}\n${block}`;
}
