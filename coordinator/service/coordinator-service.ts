import { serverStream, unary } from "../../core/transport/handlers.js";
import type { CallGate } from "../../core/transport/call-gate.js";
import type { CoordinatorServer } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import { bulkSend } from "./bulk-send.js";
import { cancelDelivery } from "./cancel-delivery.js";
import { capture } from "./capture.js";
import { detect } from "./detect.js";
import { doctor } from "./doctor.js";
import { followDelivery } from "./follow-delivery.js";
import { getDelivery } from "./get-delivery.js";
import { listDeliveries } from "./list-deliveries.js";
import { listTargets } from "./list-targets.js";
import { send } from "./send.js";
import { status } from "./status.js";
import { exec } from "./exec.js";
import { pressKey } from "./press-key.js";
import { followCapture } from "./follow-capture.js";
import { readConversation } from "./read-conversation.js";
import { watchDeliveries } from "./watch-deliveries.js";
import { cancelSchedule } from "./cancel-schedule.js";
import { createSchedule } from "./create-schedule.js";
import { deleteSchedule } from "./delete-schedule.js";
import { getSchedule } from "./get-schedule.js";
import { listScheduleOccurrences } from "./list-schedule-occurrences.js";
import { listSchedules } from "./list-schedules.js";
import { pauseSchedule } from "./pause-schedule.js";
import { resumeSchedule } from "./resume-schedule.js";
import { runScheduleNow } from "./run-schedule-now.js";
import { updateSchedule } from "./update-schedule.js";
import { createJoinToken } from "./create-join-token.js";
import { enrol } from "./enrol.js";
import { explain } from "./explain.js";
import { listAudit } from "./list-audit.js";
import { verifyAudit } from "./verify-audit.js";
import { listCertificates } from "./list-certificates.js";
import { renewCertificate } from "./renew-certificate.js";
import { revokeCertificate } from "./revoke-certificate.js";
import { drainNode } from "./drain-node.js";
import { listNodes } from "./list-nodes.js";
import { registerNode } from "./register-node.js";
import { removeNode } from "./remove-node.js";
import { watch } from "./watch.js";

export function coordinatorService(coordinator: Coordinator, gate: CallGate): CoordinatorServer {
  return {
    send: serverStream(send(coordinator), gate),
    followDelivery: serverStream(followDelivery(coordinator), gate),
    cancelDelivery: unary(cancelDelivery(coordinator), gate),
    getDelivery: unary(getDelivery(coordinator), gate),
    listDeliveries: unary(listDeliveries(coordinator), gate),
    listTargets: unary(listTargets(coordinator), gate),
    detect: unary(detect(coordinator), gate),
    capture: unary(capture(coordinator), gate),
    exec: serverStream(exec(coordinator), gate),
    pressKey: unary(pressKey(coordinator), gate),
    followCapture: serverStream(followCapture(coordinator), gate),
    readConversation: unary(readConversation(coordinator), gate),
    bulkSend: serverStream(bulkSend(coordinator), gate),
    watchDeliveries: serverStream(watchDeliveries(coordinator), gate),
    watch: serverStream(watch(coordinator), gate),
    createSchedule: unary(createSchedule(coordinator), gate),
    getSchedule: unary(getSchedule(coordinator), gate),
    listSchedules: unary(listSchedules(coordinator), gate),
    updateSchedule: unary(updateSchedule(coordinator), gate),
    pauseSchedule: unary(pauseSchedule(coordinator), gate),
    resumeSchedule: unary(resumeSchedule(coordinator), gate),
    cancelSchedule: unary(cancelSchedule(coordinator), gate),
    deleteSchedule: unary(deleteSchedule(coordinator), gate),
    runNow: unary(runScheduleNow(coordinator), gate),
    listOccurrences: unary(listScheduleOccurrences(coordinator), gate),
    explain: unary(explain(coordinator), gate),
    listAudit: unary(listAudit(coordinator), gate),
    verifyAudit: unary(verifyAudit(coordinator), gate),
    createJoinToken: unary(createJoinToken(coordinator), gate),
    enrol: unary(enrol(coordinator), gate),
    renewCertificate: unary(renewCertificate(coordinator), gate),
    revokeCertificate: unary(revokeCertificate(coordinator), gate),
    listCertificates: unary(listCertificates(coordinator), gate),
    registerNode: unary(registerNode(coordinator), gate),
    listNodes: unary(listNodes(coordinator), gate),
    drainNode: unary(drainNode(coordinator), gate),
    removeNode: unary(removeNode(coordinator), gate),
    status: unary(status(coordinator), gate),
    doctor: unary(doctor(coordinator), gate),
  };
}
