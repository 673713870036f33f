import { accessSync, chmodSync, constants, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DispatchError } from "../errors/dispatch-error.js";
import { makeFolder } from "../make-folder.js";

/** Makes the folder (0700), or refuses one that others could tamper with. */
export function ensurePrivateFolder(path: string): void {
  try {
    makeFolder(path);
    refuseForeign(path);
    if (statSync(path).mode & 0o055) chmodSync(path, 0o700);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw error instanceof DispatchError ? error : unusable(path, (error as Error).message, undefined, error);
  }
}

/** Throws where another user owns the folder or could put something into it. */
export function refuseForeign(path: string): void {
  const stat = statSync(path);
  if (stat.uid !== process.getuid?.()) throw unusable(path, `it belongs to user ${stat.uid}, not to you`);
  if (stat.mode & 0o022) throw unusable(path, "others may write into it", `chmod 700 ${path}`);
}

function unusable(path: string, why: string, cure?: string, cause?: unknown): DispatchError {
  const detail = `The state folder ${path} cannot be used: ${why}.${cure ? ` Cure: ${cure}` : ""}`;
  return new DispatchError("state_unwritable", detail, { metadata: { path }, cause });
}

/** `sun_path` with its final zero byte: 108 bytes on Linux, 104 on macOS. */
const longestSocketPath = process.platform === "darwin" ? 103 : 107;

/**
 * Folder of our sockets: the state folder itself, or where that path is too long for a socket, a folder under /tmp that is
 * keyed by its hash. Not under XDG_RUNTIME_DIR or TMPDIR, which cron, ssh and a login shell see differently.
 */
export function socketFolder(dataDir: string): string {
  if (Buffer.byteLength(join(dataDir, "coordinator.sock")) <= longestSocketPath) return dataDir;
  return join("/tmp", `dispatch-${process.getuid?.() ?? 0}-${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`);
}

export function socketPath(dataDir: string, name: "coordinator.sock" | "node.sock"): string {
  return join(socketFolder(dataDir), name);
}
