// A coordinator in a process of its own, which tells how long its start took and how much memory it has then, and ends.
import { startCoordinator } from "../../coordinator/main.js";
import { defaultConfig } from "../../core/config/config.js";
import { silentLog } from "../../core/log.js";
import { DispatchClient } from "../../sdk/index.js";

const [dataDir = ""] = process.argv.slice(2);
const began = performance.now();
const coordinator = await startCoordinator({ ...defaultConfig({ HOME: dataDir }), dataDir, machine: "here" }, silentLog);
const startMs = performance.now() - began;
const client = await DispatchClient.connect({ address: coordinator.address });
await client.schedules.list({ limit: 1 });
process.stdout.write(JSON.stringify({ startMs, rssMb: process.memoryUsage.rss() / 1024 / 1024 }));
client.close();
await coordinator.close();
process.exit();
