#!/usr/bin/env node
// The committed code of proto/gen is what buf makes of the contract.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dispatch-generated-"));
const files = (path) => readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).sort();
try {
  const { status } = spawnSync(join(root, "node_modules", ".bin", "buf"), ["generate", "-o", folder], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
  const fresh = join(folder, "proto", "gen");
  const committed = join(root, "proto", "gen");
  const names = [...new Set([...files(fresh), ...files(committed)])];
  const read = (base, name) => (existsSync(join(base, name)) ? readFileSync(join(base, name), "utf8") : undefined);
  const stale = names.filter((name) => read(fresh, name) !== read(committed, name));
  if (stale.length > 0) {
    console.error(`stale, run \`npm run generate\`:\n${stale.map((name) => `  proto/gen/${name}`).join("\n")}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
