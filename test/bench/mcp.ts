// `npm run bench:mcp [-- --starts N]`: from the start of dispatch-mcp to its first answer, against a bare node that answers, in turn.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { budgetLine, figure, figureLine, percentile } from "./statistics.js";

const { values } = parseArgs({ options: { starts: { type: "string", default: "30" } } });
const server = fileURLToPath(new URL("../../dist/dispatch-mcp.cjs", import.meta.url));
const initialize = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } } })}\n`;
const dir = await mkdtemp(join(tmpdir(), "bench-mcp-"));

/** Milliseconds until something comes back. */
async function firstAnswer(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, HOME: dir, DISPATCH_DATA_DIR: dir }, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  child.stdin.write(initialize);
  await once(child.stdout, "data");
  const took = performance.now() - began;
  child.kill();
  await ended;
  return took;
}

const [bare, mcp]: [number[], number[]] = [[], []];
for (let index = 0; index < Number(values.starts); index++) {
  bare.push(await firstAnswer(["-e", "process.stdin.once('data', () => console.log('{}'))"]));
  mcp.push(await firstAnswer([server]));
}
await rm(dir, { recursive: true });
for (const each of [figure("bare node to its first answer", bare), figure("dispatch-mcp to its first answer", mcp)]) process.stdout.write(`${figureLine(each)}\n`);
process.stdout.write(`${budgetLine("dispatch-mcp / bare node, p50", percentile(mcp, 50) / percentile(bare, 50), 2, "x")}\n`);
