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
  index: "sdk/index.ts",
  proto: "proto/index.ts",
};

const requireOfNode = 'import { createRequire as bundleRequire } from "node:module"; const require = bundleRequire(import.meta.url);\n';

/** Bundled CommonJS packages ask for node's own modules through one function, which looks for `require`. */
function giveRequire(path) {
  const code = readFileSync(path, "utf8");
  if (/typeof require ?(!== ?"undefined"|< ?"u")/.test(code)) writeFileSync(path, requireOfNode + code);
}

/** What few commands need and would make each of them slower to read: a file of its own, which the programs share. */
const apart = { "@secretlint/secretlint-rule-preset-recommend": "secretlint.cjs", "@peculiar/x509": "x509.cjs" };
const keepApart = {
  name: "keep-apart",
  setup: ({ onResolve }) => onResolve({ filter: new RegExp(`^(?:${Object.keys(apart).join("|")})$`) }, ({ path }) => ({ path: `./${apart[path]}`, external: true })),
};

const urlOfBundle = 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;';

/**
 * What is started again and again is CommonJS: node takes 10 ms more before it runs a module. `NAME.js` beside it keeps the names that other
 * programs' settings hold.
 */
async function buildStarter(name, entryPoint, outdir, common) {
  await build({ ...common, outdir: undefined, outfile: join(outdir, `${name}.cjs`), format: "cjs", entryPoints: [entryPoint], define: { ...common.define, "import.meta.url": "bundleUrl" }, banner: { js: urlOfBundle } });
  writeFileSync(join(outdir, `${name}.js`), `#!/usr/bin/env node\nimport "./${name}.cjs";\n`, { mode: 0o755 });
}

/**
 * A program as one CommonJS file with its compiled code beside it: half of what a short command takes is loading and compiling. `rehearsed` are
 * calls of its exports that are made once, before a coordinator that takes all for delivered: what they use is compiled. `input` is standard input.
 */
async function buildWithCode(name, entryPoint, { rehearsed, input = "" }, outdir, common) {
  const bundle = join(outdir, `${name}.cjs`);
  await build({
    ...common, outdir: undefined, outfile: bundle, format: "cjs", entryPoints: [entryPoint], plugins: [...common.plugins, keepApart],
    // It keeps no log in which names would be wanted, and is read at each start.
    minifyIdentifiers: true,
    // Compiled code from a cache cannot import: what is external is required.
    supported: { "dynamic-import": false },
    define: { ...common.define, "import.meta.url": "bundleUrl" }, // As node wraps modules: at each start that would be a copy of it all.
    banner: { js: `(function (exports, require, module, __filename, __dirname) {${urlOfBundle}` }, footer: { js: "})" },
  });
  // It is read as such at each start, which takes a third of the time that UTF-8 does.
  if (/[^\0-\x7f]/.test(readFileSync(bundle, "utf8"))) throw new Error(`${bundle} is not ASCII: write \\u escapes in regular expressions and comments that stay.`);
  const writer = join(outdir, "write-code-cache.js");
  await build({ ...common, outdir: undefined, outfile: writer, entryPoints: ["scripts/write-code-cache.ts"] });
  giveRequire(writer);
  const home = mkdtempSync(join(tmpdir(), "dispatch-build-"));
  const env = { HOME: home, DISPATCH_DATA_DIR: join(home, "state"), PATH: process.env.PATH };
  execFileSync(process.execPath, [writer, bundle, JSON.stringify(rehearsed)], { env, input, stdio: ["pipe", "ignore", "inherit"] });
  rmSync(home, { recursive: true });
  rmSync(writer);
}

const mcpMessage = (message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const mcpHello = mcpMessage({ id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "build", version: "1" } } })
  + mcpMessage({ method: "notifications/initialized" }) + mcpMessage({ id: 2, method: "tools/list" });

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
  for (const [name, file] of Object.entries(apart)) await build({ ...common, outdir: undefined, outfile: join(aside, file), format: "cjs", entryPoints: [name] });
  // Without chunks: what answers --help and --version is loaded at once.
  await buildStarter("dispatch", "cli/main.ts", aside, common);
  await buildStarter("dispatch-mcp", "mcp/main.ts", aside, common);
  await buildWithCode("run-cli", "cli/run-cli.ts", { rehearsed: [["runCli", "send", ["--to", "work:agent", "--prompt", "hello", "--no-autostart", "--json"]], ["runCli", "send", ["--to", "work:agent", "--prompt", "hello", "--no-autostart"]]] }, aside, common);
  await buildWithCode("run-mcp", "mcp/run-mcp.ts", { rehearsed: [["runMcp", []]], input: mcpHello }, aside, common);
  for (const path of Object.values(bin)) chmodSync(join(aside, basename(path)), 0o755);
  rmSync(outdir, { recursive: true, force: true });
  renameSync(aside, outdir);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flag = process.argv.indexOf("--outdir");
  await buildAll({ outdir: resolve(root, flag > 0 ? process.argv[flag + 1] : "dist") });
}
