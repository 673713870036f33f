import { join } from "node:path";
import { parts, type Part, type ServicePlan } from "./service-plan.js";
import type { ServiceFile } from "./systemd-units.js";

export const label = (part: Part): string => `dispatch-mesh.${part}`;

/** Agents of launchd: started at login, started again ten seconds after a failure. */
export function launchdPlists(plan: ServicePlan, folder: string): ServiceFile[] {
  return parts.map((part) => ({ path: join(folder, `${label(part)}.plist`), text: plistText(part, plan) }));
}

function plistText(part: Part, plan: ServicePlan): string {
  const variables = Object.entries(plan.variables).map(([name, value]) => `    <key>${escaped(name)}</key><string>${escaped(value)}</string>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${label(part)}</string>
  <key>ProgramArguments</key>
  <array>
    <string>${escaped(plan.runtime)}</string>
    <string>${escaped(plan.program(part))}</string>
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join("\n")}
  </dict>
  <key>WorkingDirectory</key><string>/</string>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
  <key>ThrottleInterval</key><integer>10</integer>
  <key>Umask</key><integer>63</integer>
  <key>StandardOutPath</key><string>${escaped(plan.log(part))}</string>
  <key>StandardErrorPath</key><string>${escaped(plan.log(part))}</string>
</dict>
</plist>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
