import { lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();
const home = bed.env["HOME"] ?? "";
const files = { claude: ".claude.json", codex: ".codex/config.toml", opencode: ".config/opencode/opencode.json", gemini: ".gemini/settings.json" } as const;

function put(client: keyof typeof files, text: string): string {
  const file = join(home, files[client]);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o640 });
  return file;
}

describe("dispatch mcp install", () => {
  it.each([
    ["claude", '{\n  "theme": "dark",\n  "mcpServers": { "other": { "command": "x" } }\n}\n'],
    ["gemini", '{\n  "ui": { "theme": "x" } // mine\n}\n'],
    ["opencode", '{\n  // mine\n  "model": "x",\n}\n'],
    ["codex", 'model = "x"\n\n[mcp_servers.other]\ncommand = "y"\n'],
  ] as const)("%s: adds the server, shows the change, leaves the rest, and undoes it", async (client, before) => {
    const file = put(client, before);
    const shown = await bed.dispatch(["mcp", "install", client, "--dry-run"]);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining("+ ") });
    expect(readFileSync(file, "utf8")).toBe(before);
    const written = await bed.dispatch(["mcp", "install", client]);
    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining(`dispatch mcp uninstall ${client}`) });
    const after = readFileSync(file, "utf8");
    expect(after).toContain("dispatch-mcp.cjs");
    const words = before.match(/mine|theme|dark|model|other|"[xy]"/g) ?? [];
    expect(words.length).toBeGreaterThan(1);
    for (const word of words) expect(after).toContain(word);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(await bed.dispatch(["mcp", "install", client])).toMatchObject({ stdout: expect.stringContaining("as it should be") });
    expect((await bed.dispatch(["mcp", "uninstall", client])).code).toBe(0);
    const undone = readFileSync(file, "utf8");
    expect(undone).not.toContain("dispatch");
    for (const word of words) expect(undone).toContain(word);
  });

  it.each(["claude", "codex", "opencode", "gemini"] as const)("%s: makes the file where there is none, readable by nobody else", async (client) => {
    const fresh = testBed();
    expect((await fresh.dispatch(["mcp", "install", client, "--json"])).code).toBe(0);
    const file = join(fresh.env["HOME"] ?? "", files[client]);
    expect(readFileSync(file, "utf8")).toContain("dispatch-mcp.cjs");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["claude", "{ broken"], ["claude", "[]"], ["claude", '{"mcpServers": []}'], ["claude", '{"mcpServers": {"dispatch": {"command": "mine"}}}'], ["opencode", '{"mcp": {"dispatch": {"type": "remote", "url": "http://x"}}}'],
    ["codex", '[mcp_servers.dispatch]\ncommand = "mine"\n'], ["codex", "[ mcp_servers . 'dispatch' ]\ncommand = \"mine\"\n"], ["codex", '[mcp_servers.dispatch.env]\nX = "1"\n'], ["codex", 'mcp_servers.dispatch.command = "mine"\n'],
    ["codex", '[mcp_servers]\nother = { command = "y" }\ndispatch = { command = "mine" }\n'], ["codex", 'mcp_servers = { other = { command = "y" } }\n'],
  ] as const)("%s: a file that cannot be changed is left as it is, in and out: %s", async (client, text) => {
    const file = put(client, text);
    expect(await bed.dispatch(["mcp", "install", client])).toMatchObject({ code: 2, stderr: expect.stringContaining("Nothing was written") });
    await bed.dispatch(["mcp", "uninstall", client]);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("a configuration that is kept elsewhere and linked to stays a link", async () => {
    const [link, kept] = [put("gemini", ""), join(home, "dotfiles.json")];
    writeFileSync(kept, "{}\n");
    rmSync(link);
    symlinkSync(kept, link);
    expect((await bed.dispatch(["mcp", "install", "gemini"])).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(kept, "utf8")).toContain("dispatch-mcp.cjs");
  });

  it("names the clients that there are", async () => {
    expect(await bed.dispatch(["mcp", "install", "emacs"])).toMatchObject({ code: 2, stderr: expect.stringContaining("claude") });
  });
});
