import { NodeSource as WireSource, type FleetNode as WireNode } from "../../proto/gen/dispatch/v1/fleet.js";
import type { FleetNode, NodeSource } from "../domain/fleet.js";
import { durationFromWire, durationToWire } from "./duration.js";
import { enumCodec } from "./enum-codec.js";

const nodeSource = enumCodec<NodeSource, WireSource>(WireSource, "NODE_SOURCE", "joined");

export function fleetNodeToWire({ latencyMs, source, aliases, agents, since, ...rest }: FleetNode): WireNode {
  return { ...rest, aliases: [...aliases], agents: { ...agents }, since, source: nodeSource.toWire(source), latency: latencyMs === undefined ? undefined : durationToWire(latencyMs) };
}

export function fleetNodeFromWire({ latency, source, ...rest }: WireNode): FleetNode {
  return { ...rest, source: nodeSource.fromWire(source), ...(latency && { latencyMs: durationFromWire(latency) }) };
}
