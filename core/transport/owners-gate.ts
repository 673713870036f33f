import { userInfo } from "node:os";
import { owner, type Principal } from "../domain/principal.js";
import type { Log } from "../log.js";
import type { CallGate } from "./call-gate.js";

/** For a unix socket in a folder that only its owner can enter. */
export function ownersGate(log: Log): CallGate {
  const principal = thisOwner();
  return { log, identify: () => principal, admit: () => () => undefined };
}

/** The user that this process runs as. */
export function thisOwner(): Principal {
  return owner(userName());
}

/** A uid without an entry in the password file has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}
