// `npm run bench:fleet`: a bulk over many machines on real sockets with mutual TLS, and what distance adds to a send.
import { spawn, type ChildProcess } from "node:child_process";
import { once, setMaxListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { startCoordinator } from "../../coordinator/main.js";
import { systemClock } from "../../core/clock.js";
import { defaultConfig } from "../../core/config/config.js";
import { ensurePrivateFolder } from "../../core/config/state-folder.js";
import { silentLog } from "../../core/log.js";
import { initAuthority } from "../../core/pki/authority-files.js";
import { DispatchClient } from "../../sdk/index.js";
import { budgetLine, figure, figureLine, percentile } from "./statistics.js";

const { values } = parseArgs({ options: { nodes: { type: "string", default: "1000" }, sends: { type: "string", default: "100" } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
setMaxListeners(0);
const folder = mkdtempSync(join(tmpdir(), "bench-fleet-"));
const oneWayMs = 10;

interface Simulated {
  readonly nodes: { machine: string; address: string }[];
  readonly child: ChildProcess;
  figures(): Promise<{ delivered: number; mostAtOnce: number; firstVerdictAt: number }>;
}

async function simulate(dataDir: string, count: number, deliveryMs: number): Promise<Simulated> {
  const child = spawn(process.execPath, ["test/testkit/run-ts.mjs", "test/bench/simulated-nodes.ts", dataDir, String(count), String(deliveryMs)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => JSON.parse(String((await lines.next()).value)) as T;
  const nodes = await next<Simulated["nodes"]>();
  return {
    nodes, child,
    figures() {
      child.stdin.write("\n");
      return next();
    },
  };
}

/** A coordinator of its own for these machines, and a client of it; waits until all of them are connected. */
async function fleet(deliveryMs: number, count: number, through: (address: string) => Promise<string> = (address) => Promise.resolve(address)): Promise<Simulated & { client: DispatchClient; close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(folder, "state-"));
  ensurePrivateFolder(dataDir);
  await initAuthority(dataDir, "bench", systemClock);
  const simulated = await simulate(dataDir, count, deliveryMs);
  const nodes = await Promise.all(simulated.nodes.map(async ({ machine, address }) => ({ machine, aliases: [], address: await through(address) })));
  const coordinator = await startCoordinator({ ...defaultConfig({ HOME: folder }), dataDir, machine: "hub", nodes }, silentLog);
  const client = await DispatchClient.connect({ address: coordinator.address });
  const began = performance.now();
  const connected = new Set<string>();
  for await (const { target } of client.watch(undefined)) if (connected.add(target.machine).size === count) break;
  if (count > 1) say(`${count} machines are connected after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return {
    ...simulated, client,
    async close() {
      client.close();
      await coordinator.close();
      simulated.child.stdin?.end();
      await once(simulated.child, "close");
    },
  };
}

async function bulk(nodes: number, targets: number, deliveryMs: number, perMachine: number): Promise<void> {
  const { client, figures, close } = await fleet(deliveryMs, nodes);
  // A coordinator that has worked before.
  for (let index = 0; index < 30; index++) await client.send({ target: `sim${index}/idle:0.0`, prompt: "warm up" });
  await figures();
  const began = performance.now();
  let firstResultAt = 0;
  const run = client.bulkSend({
    prompt: "How far are you?", limits: { maxConcurrency: 100, perMachine },
    targets: Array.from({ length: targets }, (_, index) => ({ machine: `sim${Math.floor((index * nodes) / targets)}`, server: "", pane: `idle:${index}.0` })),
  });
  for await (const event of run) if (event.type === "result") firstResultAt ||= Date.now();
  const { deliveries } = await run;
  const tookMs = performance.now() - began;
  const told = await figures();
  await close();
  const delivered = deliveries.filter(({ status }) => status === "delivered").length;
  say(`${targets} prompts over ${nodes} machines, at most ${perMachine} at once on each: ${delivered} delivered in ${(tookMs / 1000).toFixed(2)} s`);
  say(budgetLine("  most deliveries at once on one machine", told.mostAtOnce, perMachine, ""));
  say(budgetLine("  first verdict on a machine to first result in the client", firstResultAt - told.firstVerdictAt, 50, "ms"));
  if (nodes >= 1000) say(budgetLine("  all of it", tookMs / 1000, 5, "s"));
  if (delivered !== targets || told.delivered !== targets) throw new Error(`${delivered} of ${targets} delivered, ${told.delivered} typed`);
}

/** Hands bytes on, each so long after it came. */
async function delaying(address: string): Promise<string> {
  const port = Number(address.split(":")[1]);
  const pass = (from: Socket, to: Socket): void => {
    from.on("data", (bytes) => void setTimeout(() => to.write(bytes), oneWayMs));
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    near.setNoDelay(true);
    pass(near, far);
    pass(far, near);
  }).listen(0, "127.0.0.1");
  server.unref();
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sends(count: number, through?: (address: string) => Promise<string>): Promise<number[]> {
  const { client, close } = await fleet(0, 1, through);
  const took: number[] = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await client.send({ target: "sim0/idle:0.0", prompt: `number ${index}` });
    took.push(performance.now() - began);
  }
  await close();
  return took;
}

async function localSends(count: number): Promise<number[]> {
  const dataDir = mkdtempSync(join(folder, "local-"));
  const node = spawn(process.execPath, ["test/testkit/run-ts.mjs", "test/bench/scripted-node-process.ts", dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  await once(node.stdout, "data");
  const coordinator = await startCoordinator({ ...defaultConfig({ HOME: folder }), dataDir, machine: "here" }, silentLog);
  const client = await DispatchClient.connect({ address: coordinator.address });
  const took: number[] = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await client.send({ target: "idle:0.0", prompt: `number ${index}` });
    took.push(performance.now() - began);
  }
  client.close();
  await coordinator.close();
  node.kill();
  await once(node, "close");
  return took;
}

try {
  await bulk(100, 1_000, 20, 2);
  await bulk(Number(values.nodes), 1_000, 0, 10);
  const count = Number(values.sends);
  const [here, near, far] = [await localSends(count), await sends(count), await sends(count, delaying)];
  say(figureLine(figure("send to the node of the coordinator's machine", here)));
  say(figureLine(figure("send to a node over mutual TLS", near)));
  say(figureLine(figure(`the same, ${2 * oneWayMs} ms there and back`, far)));
  say(budgetLine("  added by the network beyond one round trip, p50", percentile(far, 50) - percentile(here, 50) - 2 * oneWayMs, 5, "ms"));
  say(budgetLine("  added by mutual TLS, p50", percentile(near, 50) - percentile(here, 50), 5, "ms"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
