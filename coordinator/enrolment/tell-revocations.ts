import type { Clock } from "../../core/clock.js";
import type { Log } from "../../core/log.js";
import type { NodeDirectory } from "../nodes/node-directory.js";
import type { IssuedCertificate } from "../store/certificate-store.js";
import type { Enrolment } from "./enrolment.js";

const callMs = 5_000;

/** Machines whose certificate was taken back are forgotten; the others are told what not to believe any more. One that is away is told when it registers. */
export function tellRevocations(nodes: NodeDirectory, enrolment: Enrolment, revoked: readonly IssuedCertificate[], clock: Clock, log: Log): void {
  for (const { kind, name } of revoked) {
    if (kind === "node" && nodes.find(name)?.source === "joined") nodes.remove(name);
  }
  const deadline = new Date(clock.now().getTime() + callMs);
  for (const { machine, source, address, client } of nodes.known()) {
    // On the tailnet and over ssh there are no certificates.
    if (source === "local" || source === "tailnet" || address.startsWith("ssh://")) continue;
    client.updateRevocations([...enrolment.revoked], { deadline }).catch((error: unknown) => log.warn({ machine, error }, "the machine could not be told of revoked certificates"));
  }
}
