import type { AgentState, ComposerState, Detection, DetectionEvidence, TargetKind } from "../domain/detection.js";
import {
  AgentState as WireAgentState, ComposerState as WireComposerState, TargetKind as WireTargetKind, type Detection as WireDetection,
} from "../../proto/gen/dispatch/v1/detection.js";
import { enumCodec } from "./enum-codec.js";

export const targetKind = enumCodec<TargetKind, WireTargetKind>(WireTargetKind, "TARGET_KIND", "unknown");
export const agentState = enumCodec<AgentState, WireAgentState>(WireAgentState, "AGENT_STATE", "unknown");
export const composerState = enumCodec<ComposerState, WireComposerState>(WireComposerState, "COMPOSER_STATE", "unknown");

export function detectionToWire({ targetKind: kind, state, composerState: composer, submitKeys, evidence, ...rest }: Detection): WireDetection {
  return {
    ...rest,
    targetKind: targetKind.toWire(kind),
    state: agentState.toWire(state),
    composerState: composerState.toWire(composer),
    submitKeys: [...submitKeys],
    evidence: evidence.map((one) => ({ ...one })),
  };
}

const epoch = new Date(0);

export function detectionFromWire(detection: WireDetection): Detection {
  return {
    ...detection,
    targetKind: targetKind.fromWire(detection.targetKind),
    state: agentState.fromWire(detection.state),
    composerState: composerState.fromWire(detection.composerState),
    evidence: detection.evidence.map((one) => ({ source: one.source as DetectionEvidence["source"], detail: one.detail })),
    observedAt: detection.observedAt ?? epoch,
    since: detection.since ?? epoch,
  };
}
