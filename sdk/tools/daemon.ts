import * as z from "zod";
import type { Config } from "../../core/config/config.js";
import { serviceActions } from "../service/service-actions.js";
import { tool } from "./tool.js";

/** Loaded with the first call: what asks the background process brings gRPC along. */
const actions = () => import("../daemon/daemon-actions.js");

const loose = { ok: z.boolean().optional(), running: z.boolean().optional() };

export const daemonStatusTool = tool({
  name: "dispatch_daemon_status", title: "The background process", description: "Whether it runs, and how it is. Starts nothing.", readOnly: true, input: {}, output: loose,
  run: async (_input, { config }) => ({ result: { ...(await (await actions()).statusAction(config)).json } }),
});

export const daemonDoctor = tool({
  name: "dispatch_daemon_doctor", title: "What keeps it from running", description: "What keeps the background process, or schedules, from running. Starts nothing.", readOnly: true, input: {}, output: loose,
  run: async (_input, { config }) => ({ result: { ...(await (await actions()).doctorAction(config)).json } }),
});

async function ensure(config: Config): Promise<{ result: Record<string, unknown>; failed: boolean }> {
  const { ok, json } = await (await actions()).ensureAction(config);
  return { result: { ...json }, failed: !ok };
}

export const daemonStart = tool({
  name: "dispatch_daemon_start", title: "Start the background process", description: "Where it does not run.", readOnly: false, idempotent: true, input: {}, output: loose,
  run: (_input, { config }) => ensure(config),
});

export const daemonEnsure = tool({
  name: "dispatch_daemon_ensure", title: "See to it that the background process runs", description: "Starts it where it does not run.", readOnly: false, idempotent: true, input: {}, output: loose,
  run: (_input, { config }) => ensure(config),
});

export const daemonRestart = tool({
  name: "dispatch_daemon_restart", title: "Restart the background process", description: "What it had under way is taken up.", readOnly: false, input: {}, output: loose,
  async run(_input, { config }) {
    const { ok, json } = await (await actions()).restartAction(config);
    return { result: { ...json }, failed: !ok };
  },
});

export const daemonStop = tool({
  name: "dispatch_daemon_stop", title: "End the background process", description: "What it accepted is taken up at the next start; schedules do not run until then.", readOnly: false, destructive: true, idempotent: true, input: {}, output: loose,
  run: async (_input, { config }) => ({ result: { ...(await (await actions()).stopAction(config)).json } }),
});

export const daemonService = tool({
  name: "dispatch_daemon_service", title: "Services of systemd or launchd", description: "Node and coordinator as services of this user.", readOnly: false, destructive: true,
  input: { action: z.enum(serviceActions).describe("What to do with them."), start: z.boolean().optional().describe("With install: start them, too.") },
  output: { ok: z.boolean(), action: z.string(), detail: z.string() },
  async run({ action, start = false }, { config }) {
    const { manageService } = await import("../service/manage-service.js");
    const result = manageService(action, config, { start });
    return { result: { ...result }, failed: !result.ok };
  },
});
