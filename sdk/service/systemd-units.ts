import { join } from "node:path";
import { parts, type Part, type ServicePlan } from "./service-plan.js";

export interface ServiceFile {
  readonly path: string;
  readonly text: string;
}

export const unitName = (part: Part): string => `dispatch-${part}.service`;

const descriptions: Readonly<Record<Part, string>> = {
  node: "Dispatch node: looks at tmux panes of this machine and types into them",
  coordinator: "Dispatch coordinator: deliveries and schedules",
};

/** The user units. Relations only go from the coordinator to its node, so that either may be restarted alone. */
export function systemdUnits(plan: ServicePlan, folder: string): ServiceFile[] {
  return parts.map((part) => ({ path: join(folder, unitName(part)), text: unitText(part, plan) }));
}

function unitText(part: Part, plan: ServicePlan): string {
  return `# Written by \`dispatch daemon service install\`; \`dispatch daemon service uninstall\` removes it.
[Unit]
Description=${descriptions[part]}
${part === "coordinator" ? `Wants=${unitName("node")}\nAfter=${unitName("node")}\n` : ""}
[Service]
Type=notify
# systemd-notify is a child of the service's own process.
NotifyAccess=all
ExecStart=${quoted(plan.runtime, { command: true })} ${quoted(plan.program(part), { command: true })}
${Object.entries(plan.variables).map(([name, value]) => `Environment=${quoted(`${name}=${value}`, { command: false })}\n`).join("")}WorkingDirectory=/
Restart=on-failure
RestartSec=10s
WatchdogSec=60s
TimeoutStopSec=20s
StandardOutput=append:${path(plan.log(part))}
StandardError=append:${path(plan.log(part))}
UMask=0077
# Not PrivateTmp, ProtectHome or PrivateUsers: tmux's sockets are in /tmp, and agents keep their records at home. Not MemoryDenyWriteExecute: V8 compiles.
NoNewPrivileges=yes
LockPersonality=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=default.target
`;
}

/** As systemd reads it back: a percent sign begins a specifier, and in a command a dollar sign a variable. */
function quoted(text: string, { command }: { command: boolean }): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("%", "%%");
  return `"${command ? escaped.replaceAll("$", "$$$$") : escaped}"`;
}

/** Paths of files are read to the end of the line, without quotes. */
function path(text: string): string {
  return text.replaceAll("%", "%%");
}
