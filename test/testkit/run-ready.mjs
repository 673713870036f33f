// Runs a TypeScript program of the tests on a checkout that it gets ready first: `node test/testkit/run-ready.mjs FILE ARGS`.
import { spawnSync } from "node:child_process";
import { build, ensureInstalled, ensureTmux, root } from "./bootstrap.mjs";

ensureInstalled();
ensureTmux();
build();
const { status, signal } = spawnSync(process.execPath, ["test/testkit/run-ts.mjs", ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
process.exit(signal ? 1 : (status ?? 1));
