#!/usr/bin/env node
import { runService } from "../core/run-service.js";
import { startCoordinator } from "./main.js";

await runService("dispatch-coordinator", startCoordinator);
