import { userInfo } from "node:os";
import { owner } from "../domain/principal.js";
import type { Log } from "../log.js";
import type { CallGate } from "./call-gate.js";

/** For a unix socket in a folder that only its owner can enter. */
export function ownersGate(log: Log): CallGate {
  const principal = owner(userName());
  return { log, identify: () => principal, admit: () => () => undefined };
}

/** A uid without an entry in the password file has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}
