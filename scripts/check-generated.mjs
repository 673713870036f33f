#!/usr/bin/env node
// The committed code of proto/gen, and the descriptors of proto/contract.binpb, are what buf makes of the contract.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dispatch-generated-"));
const files = (path) => readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).sort();
try {
  const descriptors = join(folder, "contract.binpb");
  for (const args of [["generate", "-o", folder], ["build", "-o", descriptors, "--as-file-descriptor-set", "--exclude-source-info"]]) {
    const { status } = spawnSync(join(root, "node_modules", ".bin", "buf"), args, { cwd: root, stdio: "inherit" });
    if (status !== 0) process.exit(1);
  }
  const fresh = join(folder, "proto", "gen");
  const committed = join(root, "proto", "gen");
  const names = [...new Set([...files(fresh), ...files(committed)])];
  const read = (base, name) => (existsSync(join(base, name)) ? readFileSync(join(base, name), "utf8") : undefined);
  const stale = names.filter((name) => read(fresh, name) !== read(committed, name));
  const paths = stale.map((name) => `proto/gen/${name}`);
  if (!readFileSync(descriptors).equals(readFileSync(join(root, "proto", "contract.binpb")))) paths.push("proto/contract.binpb");
  if (paths.length > 0) {
    console.error(`stale, run \`npm run generate\`:\n${paths.map((path) => `  ${path}`).join("\n")}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
