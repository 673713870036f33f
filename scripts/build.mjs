#!/usr/bin/env node
// Bundles every program into a folder (default dist/): `node scripts/build.mjs [--outdir DIR]`.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

const programs = {
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
  if (/typeof require ?(!== ?"undefined"|< ?"u")/.test(code)) writeFileSync(path, requireOfNode + code);
}

/** The verbs as one CommonJS file with its compiled code beside it: half of what a short command takes is loading. */
async function buildCli(outdir, common) {
  const cli = join(outdir, "run-cli.cjs");
  await build({
    ...common, outdir: undefined, outfile: cli, format: "cjs", entryPoints: ["cli/run-cli.ts"],
    // Compiled code from a cache cannot import: what is external is required.
    supported: { "dynamic-import": false },
    define: { ...common.define, "import.meta.url": "bundleUrl" }, banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  const writer = join(outdir, "write-code-cache.js");
  await build({ ...common, outdir: undefined, outfile: writer, entryPoints: ["scripts/write-code-cache.ts"] });
  const home = mkdtempSync(join(tmpdir(), "dispatch-build-"));
  execFileSync(process.execPath, [writer, cli], { env: { HOME: home, PATH: process.env.PATH }, stdio: ["ignore", "ignore", "ignore"] });
  rmSync(home, { recursive: true });
  rmSync(writer);
}

/** `plugins` lets a test put a scripted node in place of the real one. */
export async function buildAll({ outdir, plugins = [] }) {
  const { version, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  // Built aside and put in place at once, so that a program that is started meanwhile finds a whole build.
  const aside = `${outdir}.${process.pid}`;
  const common = {
    absWorkingDir: root, outdir: aside, plugins, bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "warning",
    define: { DISPATCH_VERSION: JSON.stringify(version) },
    // A native addon, packages that read files beside their own, and what is rarely asked for.
    external: ["openai", "jsonc-parser", "hono", "@hono/node-server", "better-sqlite3", "grpc-health-check", "@grpc/reflection", "@grpc/proto-loader"],
    // Less to parse at each start; names stay, for the log.
    minifyWhitespace: true, minifySyntax: true,
  };
  const { metafile } = await build({ ...common, entryPoints: programs, splitting: true, chunkNames: "chunk-[hash]", metafile: true });
  for (const path of Object.keys(metafile.outputs)) giveRequire(join(root, path));
  // One file without chunks: what answers --help and --version is loaded at once.
  await build({ ...common, entryPoints: { dispatch: "cli/main.ts" } });
  await buildCli(aside, common);
  for (const path of Object.values(bin)) chmodSync(join(aside, basename(path)), 0o755);
  rmSync(outdir, { recursive: true, force: true });
  renameSync(aside, outdir);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flag = process.argv.indexOf("--outdir");
  await buildAll({ outdir: resolve(root, flag > 0 ? process.argv[flag + 1] : "dist") });
}
