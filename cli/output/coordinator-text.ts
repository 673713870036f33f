import type { CoordinatorStatus } from "../../core/domain/coordinator-status.js";

const bytesPerMb = 1024 * 1024;

export function coordinatorText(status: CoordinatorStatus): string {
  const counts = Object.entries(status.deliveries).map(([word, count]) => `${count} ${word.replace("_", " ")}`).join(", ");
  const lines = [
    `coordinator ${status.version}, pid ${status.pid}, since ${status.startedAt.toISOString()}, ${Math.round(status.rssBytes / bytesPerMb)} MB`,
    ...status.nodes.map((node) => node.healthy
      ? `node ${node.machine}: ${node.version}, tmux ${node.tmuxVersion || "is not installed"}, ${node.address}`
      : `node ${node.machine}: ${node.detail}`),
    `deliveries: ${counts || "none"}`,
    ...scheduleLines(status),
  ];
  return `${lines.join("\n")}\n`;
}

function scheduleLines({ scheduler }: CoordinatorStatus): string[] {
  const counts = Object.entries(scheduler?.schedules ?? {}).map(([word, count]) => `${count} ${word}`).join(", ");
  return counts ? [`schedules: ${counts}${scheduler?.nextDue ? `, next ${scheduler.nextDue.toISOString()}` : ""}`] : [];
}
