import type { Clock } from "../clock.js";
import type { NewAuditEntry } from "../domain/audit.js";

/** So many connections a minute that were refused have an entry each; a flood of the rest has one. */
const perMinute = 100;
const minuteMs = 60_000;

/** Puts refused connections, and calls that were broken off before they said anything, into the audit log. */
export function auditRefusals(append: (entry: NewAuditEntry) => void, clock: Clock): (refusal: { peer: string; why: string; rpc?: string }) => void {
  let [minute, count] = [0, 0];
  const write = (caller: string, detail: string, rpc = ""): void => append({ subject: "", caller, rpc, target: "", textSha256: "", textBytes: 0, outcome: "denied", detail });
  return ({ peer, why, rpc }) => {
    const now = Math.floor(clock.now().getTime() / minuteMs);
    if (now !== minute) [minute, count] = [now, 0];
    count++;
    if (count <= perMinute) write(peer, why, rpc);
    else if (count === perMinute + 1) write("", `more than ${perMinute} connections were refused within a minute; the rest of them is in the program's log alone`);
  };
}
