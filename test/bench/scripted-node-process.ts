// A scripted node as a process of its own, as a node is where it is a service: `run-ts.mjs scripted-node-process.ts DATA_DIR`.
import { defaultConfig } from "../../core/config/config.js";
import { silentLog } from "../../core/log.js";
import { startNode } from "../../node-agent/start-node.js";
import { ScriptedNode } from "../testkit/scripted-node/scripted-node.js";

const dataDir = process.argv[2] ?? "";
await startNode({ ...defaultConfig({ HOME: dataDir }), dataDir, machine: "here" }, silentLog, () => Promise.resolve(new ScriptedNode({ machine: "here" })));
process.stdout.write("ready\n");
