import { execFile } from "node:child_process";
import { systemClock } from "../clock.js";
import { environment } from "../config/environment.js";

/**
 * Tells systemd that we are ready, and from then on, at twice the pace that it asks for, that we live. Does nothing where nobody asked
 * (NOTIFY_SOCKET is unset). Goes through `systemd-notify`: Node has no sockets of that kind.
 */
export function notifySystemd(status: string): void {
  if (!environment["NOTIFY_SOCKET"]) return;
  tell(["--ready", `--status=${status}`]);
  const watchdogMs = Number(environment["WATCHDOG_USEC"] ?? 0) / 1000;
  if (watchdogMs > 0) keepAlive(watchdogMs / 2);
}

/** From the event loop itself: a process that hangs sends nothing, and is started again. */
function keepAlive(everyMs: number): void {
  systemClock.after(everyMs, () => {
    tell(["WATCHDOG=1"]);
    keepAlive(everyMs);
  });
}

function tell(words: readonly string[]): void {
  execFile("systemd-notify", [...words], (error) => {
    if (error) process.stderr.write(`systemd-notify: ${error.message}\n`);
  });
}
