#!/usr/bin/env node
// Bundles every program into a folder (default dist/): `node scripts/build.mjs [--outdir DIR]`.
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

const programs = {
  "run-cli": "cli/run-cli.ts",
  embedded: "cli/embedded.ts",
  "dispatch-node": "node-agent/dispatch-node.ts",
  "dispatch-coordinator": "coordinator/dispatch-coordinator.ts",
  "dispatch-mcp": "mcp/main.ts",
  index: "sdk/index.ts",
  proto: "proto/index.ts",
};

const requireOfNode = 'import { createRequire as bundleRequire } from "node:module"; const require = bundleRequire(import.meta.url);\n';

/** Bundled CommonJS packages ask for node's own modules through one function, which looks for `require`. */
function giveRequire(path) {
  const code = readFileSync(path, "utf8");
  if (/typeof require !== "undefined"/.test(code)) writeFileSync(path, requireOfNode + code);
}

/** `plugins` lets a test put a scripted node in place of the real one. */
export async function buildAll({ outdir, plugins = [] }) {
  const { version, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  // Built aside and put in place at once, so that a program that is started meanwhile finds a whole build.
  const aside = `${outdir}.${process.pid}`;
  const common = {
    absWorkingDir: root, outdir: aside, plugins, bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "warning",
    define: { DISPATCH_VERSION: JSON.stringify(version) },
  };
  const { metafile } = await build({
    ...common,
    entryPoints: programs,
    splitting: true,
    chunkNames: "chunk-[hash]",
    // A native addon, and packages that read files beside their own.
    external: ["better-sqlite3", "grpc-health-check", "@grpc/reflection", "@grpc/proto-loader"],
    metafile: true,
  });
  // One file without chunks: what answers --help and --version is loaded at once.
  await build({ ...common, entryPoints: { dispatch: "cli/main.ts" }, external: ["./run-cli.js"], minifySyntax: true });
  for (const path of Object.keys(metafile.outputs)) giveRequire(join(root, path));
  for (const path of Object.values(bin)) chmodSync(join(aside, basename(path)), 0o755);
  rmSync(outdir, { recursive: true, force: true });
  renameSync(aside, outdir);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flag = process.argv.indexOf("--outdir");
  await buildAll({ outdir: resolve(root, flag > 0 ? process.argv[flag + 1] : "dist") });
}
