import type { CommandClass } from "clipanion";
import type { Verb } from "./about.js";

/** The code of each verb, loaded when the verb is named. */
export const verbs = {
  send: async () => [(await import("./send.js")).SendCommand],
  bulk: async () => [(await import("./send.js")).BulkCommand],
  exec: async () => [(await import("./exec.js")).ExecCommand],
  key: async () => [(await import("./key.js")).KeyCommand],
  targets: async () => [(await import("./targets.js")).TargetsCommand],
  capture: async () => [(await import("./capture.js")).CaptureCommand],
  watch: async () => [(await import("./watch.js")).WatchCommand],
  list: async () => [(await import("./list.js")).ListCommand],
  show: async () => [(await import("./show.js")).ShowCommand],
  status: async () => [(await import("./status.js")).StatusCommand],
  schedule: async () => [(await import("./schedule.js")).ScheduleCommand],
  loop: async () => [(await import("./schedule.js")).LoopCommand],
  schedules: async () => [(await import("./schedules.js")).SchedulesCommand],
  loops: async () => [(await import("./schedules.js")).LoopsCommand],
  occurrences: async () => [(await import("./occurrences.js")).OccurrencesCommand],
  edit: async () => [(await import("./edit.js")).EditCommand],
  "run-now": async () => [(await import("./run-now.js")).RunNowCommand],
  pause: async () => [(await import("./pause.js")).PauseCommand],
  resume: async () => [(await import("./resume.js")).ResumeCommand],
  clear: async () => [(await import("./clear.js")).ClearCommand],
  cancel: async () => [(await import("./cancel.js")).CancelCommand],
  triage: async () => [(await import("./triage.js")).TriageCommand],
  recover: async () => [(await import("./recover.js")).RecoverCommand],
  nodes: async () => {
    const nodes = await import("./nodes.js");
    return [nodes.NodesCommand, nodes.NodesDrainCommand, nodes.NodesRemoveCommand, (await import("./certificates.js")).CertificatesCommand];
  },
  ca: async () => {
    const ca = await import("./ca.js");
    return [ca.CaInitCommand, ca.CaShowCommand];
  },
  node: async () => {
    const node = await import("./node.js");
    return [node.NodeTokenCommand, node.NodeRevokeCommand, (await import("./node-add.js")).NodeAddCommand, (await import("./node-pipe.js")).NodePipeCommand];
  },
  client: async () => [(await import("./client.js")).ClientTokenCommand, (await import("./node.js")).NodeRevokeCommand],
  mcp: async () => {
    const mcp = await import("./mcp.js");
    return [mcp.McpInstallCommand, mcp.McpUninstallCommand];
  },
  can: async () => [(await import("./can.js")).CanCommand],
  audit: async () => {
    const audit = await import("./audit.js");
    return [audit.AuditListCommand, audit.AuditVerifyCommand];
  },
  join: async () => [(await import("./join.js")).JoinCommand],
  fleet: async () => [(await import("./fleet.js")).FleetSummaryCommand],
  "self-heal": async () => [(await import("./self-heal.js")).SelfHealDiagnoseCommand],
  up: async () => [(await import("./up.js")).UpCommand],
  down: async () => [(await import("./down.js")).DownCommand],
  daemon: async () => {
    const daemon = await import("./daemon.js");
    return [daemon.DaemonStatusCommand, daemon.DaemonStartCommand, daemon.DaemonEnsureCommand, daemon.DaemonRestartCommand, daemon.DaemonStopCommand, daemon.DaemonDoctorCommand, daemon.DaemonRunCommand, daemon.DaemonServiceCommand];
  },
  doctor: async () => [(await import("./doctor.js")).DoctorCommand],
  completion: async () => [(await import("./completion.js")).completionCommand(allVerbs())],
  version: async () => [(await import("./version.js")).VersionCommand],
  config: async () => [(await import("./config.js")).ConfigCommand],
} satisfies Record<Verb, () => Promise<CommandClass[]>>;

function allVerbs(): Record<Verb, () => Promise<CommandClass[]>> {
  return verbs;
}
