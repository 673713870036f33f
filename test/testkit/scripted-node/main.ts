import { join } from "node:path";
import type { Config } from "../../../core/config/config.js";
import type { Node } from "../../../node-agent/node.js";
import { ScriptedNode } from "./scripted-node.js";

/** Stands in for node-agent/main.ts in the programs that are built for tests. */
export function createNode(config: Config): Promise<Node> {
  return Promise.resolve(new ScriptedNode({ machine: config.machine, journal: join(config.dataDir, "scripted-journal.json") }));
}
