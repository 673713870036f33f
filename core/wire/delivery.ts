import type { Delivery, DeliveryKind, DeliveryStatus, DeliveryStep, DeliveryUpdate, Evidence, EvidenceSource } from "../domain/delivery.js";
import { reasons, type Reason } from "../errors/reasons.js";
import {
  DeliveryKind as WireKind, DeliveryStatus as WireStatus, DeliveryStep as WireStep, EvidenceSource as WireSource,
  type Delivery as WireDelivery, type DeliveryUpdate as WireUpdate, type Evidence as WireEvidence,
} from "../../proto/gen/dispatch/v1/delivery.js";
import { Reason as WireReason } from "../../proto/gen/dispatch/v1/reason.js";
import { deliveryOptionsFromWire, deliveryOptionsToWire } from "./delivery-options.js";
import { detectionFromWire, detectionToWire } from "./detection.js";
import { enumCodec } from "./enum-codec.js";
import { resolvedTargetFromWire, resolvedTargetToWire } from "./target.js";

export const deliveryStep = enumCodec<DeliveryStep, WireStep>(WireStep, "DELIVERY_STEP", "waiting");
export const deliveryStatus = enumCodec<DeliveryStatus, WireStatus>(WireStatus, "DELIVERY_STATUS", "pending");
export const deliveryKind = enumCodec<DeliveryKind, WireKind>(WireKind, "DELIVERY_KIND", "prompt");
export const evidenceSource = enumCodec<EvidenceSource, WireSource>(WireSource, "EVIDENCE_SOURCE", "none");
export const reasonCodec = enumCodec<Reason, WireReason>(WireReason, "REASON", "internal");

const reasonToWire = (reason: string): WireReason => (reason in reasons ? reasonCodec.toWire(reason as Reason) : WireReason.UNSPECIFIED);
export const reasonFromWire = (reason: WireReason): string => (reason === WireReason.UNSPECIFIED ? "" : reasonCodec.fromWire(reason));

const epoch = new Date(0);

export function evidenceToWire({ source, transformation, ...rest }: Evidence): WireEvidence {
  return { ...rest, source: evidenceSource.toWire(source), transformation: [...transformation] };
}

export function evidenceFromWire(evidence: WireEvidence): Evidence {
  return { ...evidence, source: evidenceSource.fromWire(evidence.source), recordedAt: evidence.recordedAt ?? epoch };
}

export function updateToWire(update: DeliveryUpdate): WireUpdate {
  return {
    deliveryId: update.deliveryId,
    sequence: update.sequence,
    step: deliveryStep.toWire(update.step),
    at: update.at,
    detail: update.detail,
    reason: reasonToWire(update.reason),
    evidence: update.evidence && evidenceToWire(update.evidence),
    detection: update.detection && detectionToWire(update.detection),
    answer: update.answer ?? "",
    delivery: update.delivery && deliveryToWire(update.delivery),
  };
}

export function updateFromWire(update: WireUpdate): DeliveryUpdate {
  return {
    deliveryId: update.deliveryId,
    sequence: update.sequence,
    step: deliveryStep.fromWire(update.step),
    at: update.at ?? epoch,
    detail: update.detail,
    reason: reasonFromWire(update.reason),
    ...(update.evidence && { evidence: evidenceFromWire(update.evidence) }),
    ...(update.detection && { detection: detectionFromWire(update.detection) }),
    ...(update.answer && { answer: update.answer }),
    ...(update.delivery && { delivery: deliveryFromWire(update.delivery) }),
  };
}

export function deliveryToWire({ target, status, reason, evidence, detection, steps, options, kind, exec, ...rest }: Delivery): WireDelivery {
  return {
    ...rest,
    target: target && resolvedTargetToWire(target),
    status: deliveryStatus.toWire(status),
    reason: reasonToWire(reason),
    evidence: evidence && evidenceToWire(evidence),
    detection: detection && detectionToWire(detection),
    steps: steps.map(updateToWire),
    options: deliveryOptionsToWire(options),
    kind: deliveryKind.toWire(kind),
    exec: exec && { ...exec },
  };
}

export function deliveryFromWire(delivery: WireDelivery): Delivery {
  return {
    ...delivery,
    target: delivery.target && resolvedTargetFromWire(delivery.target),
    status: deliveryStatus.fromWire(delivery.status),
    reason: reasonFromWire(delivery.reason),
    evidence: delivery.evidence && evidenceFromWire(delivery.evidence),
    detection: delivery.detection && detectionFromWire(delivery.detection),
    steps: delivery.steps.map(updateFromWire),
    createdAt: delivery.createdAt ?? epoch,
    updatedAt: delivery.updatedAt ?? epoch,
    options: deliveryOptionsFromWire(delivery.options),
    kind: deliveryKind.fromWire(delivery.kind),
  };
}

export function statusFilterFromWire(status: WireStatus): DeliveryStatus | undefined {
  return status === WireStatus.UNSPECIFIED ? undefined : deliveryStatus.fromWire(status);
}

export function kindFilterFromWire(kind: WireKind): DeliveryKind | undefined {
  return kind === WireKind.UNSPECIFIED ? undefined : deliveryKind.fromWire(kind);
}

export function kindFilterToWire(kind: DeliveryKind | undefined): WireKind {
  return kind ? deliveryKind.toWire(kind) : WireKind.UNSPECIFIED;
}

export function statusFilterToWire(status: DeliveryStatus | undefined): WireStatus {
  return status ? deliveryStatus.toWire(status) : WireStatus.UNSPECIFIED;
}
