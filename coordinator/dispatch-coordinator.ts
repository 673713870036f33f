#!/usr/bin/env node
import { runService } from "../core/run-service.js";
import { startCoordinator } from "./main.js";

await runService("dispatch-coordinator", async (config, log) => {
  const coordinator = await startCoordinator(config, log);
  const http = config.httpListen === undefined ? undefined : await (await import("../sdk/http/serve-http.js")).serveHttp(config, log, coordinator.auditRefusal);
  return {
    files: coordinator.files,
    async close() {
      await http?.close();
      await coordinator.close();
    },
  };
});
