import { execFile } from "node:child_process";
import { environment } from "../config/environment.js";
import { DispatchError } from "../errors/dispatch-error.js";

const timeoutMs = 5_000;
const maxBytes = 32 * 1024 * 1024;

/**
 * What the `tailscale` program prints. `tailnet_unavailable` in plain words where it is not installed, not running, or does not answer.
 * Sentences as of tailscale 1.98 (cmd/tailscale/cli, client/local).
 */
export function runTailscale(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("tailscale", args, { timeout: timeoutMs, maxBuffer: maxBytes, env: { ...environment } }, (error, stdout, stderr) => {
      if (error) reject(new DispatchError("tailnet_unavailable", whatFailed(error, stderr), { cause: error }));
      else resolve(stdout);
    });
  });
}

function whatFailed(error: Error & { code?: unknown; killed?: boolean }, stderr: string): string {
  if (error.code === "ENOENT") return "tailscale is not installed here, or not on PATH.";
  if (error.killed) return `tailscale did not answer within ${timeoutMs / 1000} s.`;
  const said = stderr.trim().split("\n")[0] ?? "";
  if (/failed to connect to local tailscaled|is tailscaled running/i.test(stderr)) return "tailscaled does not run on this machine.";
  if (/access denied/i.test(stderr)) return "tailscaled refuses this user: `tailscale set --operator=$USER` lets it in.";
  if (/peer not found/i.test(stderr)) return "The address is not one of the tailnet.";
  return `tailscale failed: ${said || error.message}`;
}
