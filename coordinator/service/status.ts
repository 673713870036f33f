import type { NodeStatus } from "../../core/domain/coordinator-status.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { version } from "../../core/version.js";
import { statusToWire } from "../../core/wire/node.js";
import type { StatusRequest, StatusResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import type { NodeClient } from "../nodes/node-client.js";

const askMs = 2_000;

export const status = (coordinator: Coordinator): UnaryHandler<StatusRequest, StatusResponse> =>
  async (_request, { signal }) => {
    const deadline = new Date(coordinator.clock.now().getTime() + askMs);
    const nodes = await Promise.all(coordinator.nodes.own().map((node) => statusOf(node, deadline, signal)));
    return statusToWire({
      version, pid: process.pid, startedAt: coordinator.startedAt, deliveries: coordinator.store.counts(), nodes, rssBytes: process.memoryUsage.rss(), scheduler: coordinator.scheduler.status(),
    });
  };

async function statusOf(node: NodeClient, deadline: Date, signal: AbortSignal): Promise<NodeStatus> {
  const { machine, address } = node;
  try {
    const described = await node.describe({ deadline, signal });
    return { machine, address, healthy: true, detail: "", version: described.version, tmuxVersion: described.tmuxVersion };
  } catch (error) {
    return { machine, address, healthy: false, detail: (error as Error).message, version: "", tmuxVersion: "" };
  }
}
