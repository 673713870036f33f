import type { Role } from "../domain/principal.js";

/** `self`: the handler checks that the caller speaks for itself alone. `coordinator`: only a coordinator of the fleet. */
export type Requirement = Role | "self" | "coordinator";

const nodeAgent: Record<string, Requirement> = {
  Describe: "observe", ListTargets: "observe", Detect: "observe", Watch: "observe", Capture: "observe", FollowCapture: "observe", ReadConversation: "observe", ListSessions: "observe",
  GetDelivery: "observe", FollowDelivery: "observe", ListDeliveries: "observe", Doctor: "observe",
  Deliver: "send", PressKey: "send", CancelDelivery: "send",
  Exec: "exec",
  UpdateRevocations: "coordinator",
  ListAudit: "admin", VerifyAudit: "admin",
  // It answers for its caller alone.
  Explain: "coordinator",
};

const coordinator: Record<string, Requirement> = {
  ListTargets: "observe", Detect: "observe", Watch: "observe", Capture: "observe", FollowCapture: "observe", ReadConversation: "observe", Status: "observe", Doctor: "observe", ListNodes: "observe",
  GetDelivery: "observe", FollowDelivery: "observe", ListDeliveries: "observe", WatchDeliveries: "observe",
  GetSchedule: "observe", ListSchedules: "observe", ListOccurrences: "observe",
  Send: "send", BulkSend: "send", PressKey: "send", CancelDelivery: "send",
  CreateSchedule: "send", UpdateSchedule: "send", PauseSchedule: "send", ResumeSchedule: "send", CancelSchedule: "send", DeleteSchedule: "send", RunNow: "send",
  Exec: "exec",
  DrainNode: "admin", RemoveNode: "admin", CreateJoinToken: "admin", RevokeCertificate: "admin", ListCertificates: "admin", ListAudit: "admin", VerifyAudit: "admin", Explain: "admin",
  RegisterNode: "self", Enrol: "self", RenewCertificate: "self",
};

const services: Record<string, Record<string, Requirement>> = { "dispatch.v1.NodeAgent": nodeAgent, "dispatch.v1.Coordinator": coordinator };

/** What a call asks of its caller; undefined where nobody may make it. `rpc` is its path, `/dispatch.v1.NodeAgent/Deliver`. */
export function requiredRole(rpc: string): Requirement | undefined {
  const [, service = "", method = ""] = rpc.split("/");
  const methods = Object.hasOwn(services, service) ? services[service] : undefined;
  return methods && Object.hasOwn(methods, method) ? methods[method] : undefined;
}
