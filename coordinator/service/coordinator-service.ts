import { serverStream, unary } from "../../core/transport/handlers.js";
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
import { watch } from "./watch.js";

export function coordinatorService(coordinator: Coordinator): CoordinatorServer {
  const { log } = coordinator;
  return {
    send: serverStream(send(coordinator), log),
    followDelivery: serverStream(followDelivery(coordinator), log),
    cancelDelivery: unary(cancelDelivery(coordinator), log),
    getDelivery: unary(getDelivery(coordinator), log),
    listDeliveries: unary(listDeliveries(coordinator), log),
    listTargets: unary(listTargets(coordinator), log),
    detect: unary(detect(coordinator), log),
    capture: unary(capture(coordinator), log),
    exec: serverStream(exec(coordinator), log),
    pressKey: unary(pressKey(coordinator), log),
    followCapture: serverStream(followCapture(coordinator), log),
    readConversation: unary(readConversation(coordinator), log),
    bulkSend: serverStream(bulkSend(coordinator), log),
    watchDeliveries: serverStream(watchDeliveries(coordinator), log),
    watch: serverStream(watch(coordinator), log),
    createSchedule: unary(createSchedule(coordinator), log),
    getSchedule: unary(getSchedule(coordinator), log),
    listSchedules: unary(listSchedules(coordinator), log),
    updateSchedule: unary(updateSchedule(coordinator), log),
    pauseSchedule: unary(pauseSchedule(coordinator), log),
    resumeSchedule: unary(resumeSchedule(coordinator), log),
    cancelSchedule: unary(cancelSchedule(coordinator), log),
    deleteSchedule: unary(deleteSchedule(coordinator), log),
    runNow: unary(runScheduleNow(coordinator), log),
    listOccurrences: unary(listScheduleOccurrences(coordinator), log),
    status: unary(status(coordinator), log),
    doctor: unary(doctor(coordinator), log),
  };
}
