#!/usr/bin/env node
// Holds the sources against .dependency-cruiser.cjs. The tool cannot read TypeScript 7, and a compiler would drop imports of types,
// so that it gets a copy of the tree in which each file holds its imports alone.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const rooms = ["core", "node-agent", "coordinator", "sdk", "cli", "mcp", "proto"];

/** Every specifier: `from "…"`, `import "…"` and `import("…")`. */
const specifiers = /(?:\bfrom\s*|\bimport\s*\(?\s*)"([@.\w][^"\s]*)"/g;

/** The rules about globals, which are no imports. */
const globals = [
  { pattern: /\bprocess\.env\b/, allowed: /^core\/config\//, rule: "process.env is read in core/config alone" },
  { pattern: /\b(?:Date\.now|performance\.now|setTimeout|setInterval|setImmediate)\b|\bnew Date\(\)/, allowed: /^core\/clock\.ts$/, rule: "time is told by core/clock alone" },
];

const copy = mkdtempSync(join(tmpdir(), "dispatch-imports-"));
let broken = 0;
try {
  for (const room of rooms) {
    for (const name of readdirSync(join(root, room), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))) {
      const path = join(room, name);
      const source = readFileSync(join(root, path), "utf8");
      for (const { pattern, allowed, rule } of path.startsWith("proto") ? [] : globals) {
        const line = source.split("\n").findIndex((text) => pattern.test(text.replace(/^\s*(?:\*|\/\/|\/\*).*$/, "")));
        if (line >= 0 && !allowed.test(path)) {
          console.error(`${path}:${line + 1}: ${rule}`);
          broken++;
        }
      }
      const target = join(copy, path.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, [...source.matchAll(specifiers)].map(([, specifier]) => `import "${specifier}";\n`).join(""));
    }
  }
  copyFileSync(join(root, "package.json"), join(copy, "package.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const cruiser = join(root, "node_modules", ".bin", "depcruise");
  const { status } = spawnSync(cruiser, ["--config", join(root, ".dependency-cruiser.cjs"), ...rooms], { cwd: copy, stdio: "inherit" });
  if (status !== 0) broken++;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exit(broken === 0 ? 0 : 1);
