#!/usr/bin/env node
// Everything that can be told without running the product. Ends with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const tool = (name) => join(root, "node_modules", ".bin", name);
const script = (name) => [process.execPath, join(root, "scripts", name)];

const checks = {
  types: [tool("tsc"), "-p", "."],
  lint: [tool("oxlint"), "--type-aware", "--deny-warnings"],
  "who imports whom": script("check-imports.mjs"),
  "contract lint": [tool("buf"), "lint"],
  "contract breaks nobody": [tool("buf"), "breaking", "--against", "proto/baseline.binpb"],
  "generated code is fresh": script("check-generated.mjs"),
  "docs/errors.md is fresh": script("error-docs.mjs"),
};

let failed = 0;
for (const [name, [command, ...args]] of Object.entries(checks)) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) {
    failed++;
    process.stdout.write(`${stdout}${stderr}`);
  }
  console.log(`${status === 0 ? "✓" : "✗"} ${name}`);
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
