#!/usr/bin/env node
import { runService } from "../core/run-service.js";
import { createNode } from "./main.js";
import { startNode } from "./start-node.js";

await runService("dispatch-node", (config, log) => startNode(config, log, () => createNode(config, log)));
