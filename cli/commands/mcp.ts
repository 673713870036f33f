import { Command, Option } from "clipanion";
import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { environment } from "../../core/config/environment.js";
import { packageRoot } from "../../core/package-root.js";
import { DispatchCommand } from "../dispatch-command.js";
import { mcpClient, mcpClients } from "../mcp-clients.js";
import { parseChoice } from "../parse-choice.js";

abstract class McpConfigCommand extends DispatchCommand {
  client = Option.String({ required: true });
  dryRun = Option.Boolean("--dry-run", false, { description: "Show the change; write nothing." });

  /** The command to run, or none where it is to be taken out. */
  protected abstract serverCommand(): readonly string[] | undefined;

  execute(): Promise<number> {
    const { file: named, edit } = mcpClient(parseChoice(this.client, mcpClients, "CLIENT"), environment);
    const file = realFile(named);
    const before = readText(file);
    const after = edit(before, this.serverCommand());
    const changed = after !== before;
    const diff = changed ? changedLines(before, after) : [];
    if (!this.json) this.print(changed ? `${file}\n${diff.map((line) => `  ${line}\n`).join("")}` : `${file} is as it should be\n`);
    if (changed && !this.dryRun) write(file, after);
    if (this.json) this.printJson({ client: this.client, file, changed, written: changed && !this.dryRun, diff });
    else if (changed) this.print(this.dryRun ? "Nothing was written.\n" : `Written. \`dispatch mcp ${this.path[1] === "install" ? "uninstall" : "install"} ${this.client}\` undoes it.\n`);
    return Promise.resolve(0);
  }
}

export class McpInstallCommand extends McpConfigCommand {
  static override paths = [["mcp", "install"]];
  static override usage = Command.Usage({
    description: "Let an agent use Dispatch: claude, codex, opencode or gemini.",
    details: "Adds dispatch-mcp to the MCP servers in the agent's configuration, shows the change, and leaves all else in it as it is.",
    examples: [["Claude Code", "$0 mcp install claude"], ["What would change", "$0 mcp install codex --dry-run"]],
  });

  protected serverCommand(): readonly string[] {
    return [process.execPath, join(packageRoot(), "dist", "dispatch-mcp.cjs")];
  }
}

export class McpUninstallCommand extends McpConfigCommand {
  static override paths = [["mcp", "uninstall"]];
  static override usage = Command.Usage({ description: "Take Dispatch out of an agent's MCP servers again.", examples: [["Claude Code", "$0 mcp uninstall claude"]] });

  protected serverCommand(): undefined {
    return undefined;
  }
}

/** A configuration that is kept elsewhere and linked to stays so. */
function realFile(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Aside and in place at once, with the rights that the file had. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  let mode = 0o600;
  try {
    mode = statSync(file).mode & 0o777;
  } catch {
    // It is new.
  }
  writeFileSync(`${file}.${process.pid}`, text, { mode });
  renameSync(`${file}.${process.pid}`, file);
}

/** What is between the lines that both begin and both end with. */
function changedLines(before: string, after: string): string[] {
  const [old, next] = [before.split("\n"), after.split("\n")];
  let from = 0;
  while (from < Math.min(old.length, next.length) && old[from] === next[from]) from++;
  let tail = 0;
  while (tail < Math.min(old.length, next.length) - from && old.at(-1 - tail) === next.at(-1 - tail)) tail++;
  return [...old.slice(from, old.length - tail).map((line) => `- ${line}`), ...next.slice(from, next.length - tail).map((line) => `+ ${line}`)].filter((line) => line.trim().length > 1);
}
