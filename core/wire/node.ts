import type { Captured } from "../domain/captured.js";
import type { CoordinatorStatus } from "../domain/coordinator-status.js";
import type { Finding, Severity } from "../domain/finding.js";
import type { NodeDescription } from "../domain/node-description.js";
import type { StatusResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import { Severity as WireSeverity, type Finding as WireFinding } from "../../proto/gen/dispatch/v1/finding.js";
import type { CaptureResponse, DescribeResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { detectionFromWire, detectionToWire } from "./detection.js";
import { enumCodec } from "./enum-codec.js";
import { schedulerStatusFromWire, schedulerStatusToWire } from "./schedule.js";
import { resolvedTargetFromWire, resolvedTargetToWire } from "./target.js";

export const severity = enumCodec<Severity, WireSeverity>(WireSeverity, "SEVERITY", "warning");

const epoch = new Date(0);

export function descriptionToWire(description: NodeDescription): DescribeResponse {
  return { ...description, aliases: [...description.aliases], agentKinds: [...description.agentKinds], servers: [...description.servers] };
}

export function descriptionFromWire(description: DescribeResponse): NodeDescription {
  return { ...description, startedAt: description.startedAt ?? epoch };
}

export function findingToWire({ severity: weight, ...rest }: Finding): WireFinding {
  return { ...rest, severity: severity.toWire(weight) };
}

export function findingFromWire(finding: WireFinding): Finding {
  return { ...finding, severity: severity.fromWire(finding.severity) };
}

export function capturedToWire(captured: Captured): CaptureResponse {
  return { ...captured, target: resolvedTargetToWire(captured.target), detection: captured.detection && detectionToWire(captured.detection) };
}

export function capturedFromWire(captured: CaptureResponse | undefined): Captured {
  if (!captured) throw new DispatchError("internal", "An answer lacks its capture.");
  return {
    ...captured,
    target: resolvedTargetFromWire(captured.target),
    capturedAt: captured.capturedAt ?? epoch,
    detection: captured.detection && detectionFromWire(captured.detection),
  };
}

export function statusToWire(status: CoordinatorStatus): StatusResponse {
  return { ...status, deliveries: { ...status.deliveries }, nodes: status.nodes.map((node) => ({ ...node })), rssBytes: BigInt(status.rssBytes), scheduler: status.scheduler && schedulerStatusToWire(status.scheduler) };
}

export function statusFromWire(status: StatusResponse): CoordinatorStatus {
  return { ...status, startedAt: status.startedAt ?? epoch, rssBytes: Number(status.rssBytes), scheduler: schedulerStatusFromWire(status.scheduler) };
}
