import type { Clock } from "../../core/clock.js";
import type { Config } from "../../core/config/config.js";
import { authorityCertificate } from "../../core/pki/authority-files.js";
import { isIdentityName } from "../../core/pki/identity.js";
import { loadIdentity, saveIdentity, type Credentials } from "../../core/pki/identity-store.js";
import { peerIdentity } from "../../core/pki/peer-identity.js";
import type { Enrolment } from "../enrolment/enrolment.js";

/** The coordinator's own certificate, made anew where there is none of this CA that is still good. */
export async function ownIdentity({ dataDir, machine }: Config, enrolment: Enrolment, clock: Clock): Promise<Credentials> {
  const authority = authorityCertificate(dataDir);
  const known = loadIdentity(dataDir, "coordinator");
  if (known && known.authority === authority && known.identity.validTo > clock.now()) return known;
  return issueOwnIdentity(dataDir, machine, authority, enrolment);
}

export async function issueOwnIdentity(dataDir: string, machine: string, authority: string, enrolment: Enrolment): Promise<Credentials> {
  const { createRequest } = await import("../../core/pki/certificate-authority.js");
  const name = isIdentityName(machine) ? machine : "coordinator";
  const { key, request } = await createRequest(name);
  const made = { key, certificate: await enrolment.issueOwn(name, request), authority };
  saveIdentity(dataDir, "coordinator", made, {});
  return made;
}

/** The fleet that a certificate of ours belongs to. */
export function fleetOf({ certificate }: Credentials): string {
  return peerIdentity(certificate)?.fleet ?? "";
}
