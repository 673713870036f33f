import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../clock.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { makeFolder } from "../make-folder.js";
import { certificateFingerprint } from "./peer-identity.js";
import type { CertificateAuthority } from "./certificate-authority.js";

/** `STATE/ca`, 0700; its files 0600. */
function filesOf(dataDir: string): { folder: string; key: string; certificate: string } {
  const folder = join(dataDir, "ca");
  return { folder, key: join(folder, "key.pem"), certificate: join(folder, "certificate.pem") };
}

export function hasAuthority(dataDir: string): boolean {
  return existsSync(filesOf(dataDir).certificate);
}

/** Makes the CA of a new fleet. One that is there is never replaced: every certificate of its fleet would be lost. */
export async function initAuthority(dataDir: string, name: string, clock: Clock): Promise<{ fleet: string; fingerprint: string }> {
  const { folder, key, certificate } = filesOf(dataDir);
  if (hasAuthority(dataDir)) throw new DispatchError("invalid_argument", `There is a CA in ${folder} already. To begin a new fleet move that folder away: every machine must then join again.`, { metadata: { path: folder } });
  const { CertificateAuthority } = await import("./certificate-authority.js");
  const { authority, files } = await CertificateAuthority.create(name, clock);
  makeFolder(folder);
  // The certificate last: with it the CA is there.
  writeFileSync(key, files.key, { mode: 0o600, flag: "w" });
  writeFileSync(certificate, files.certificate, { mode: 0o600, flag: "wx" });
  return { fleet: authority.fleet, fingerprint: certificateFingerprint(files.certificate) };
}

/** `ca_missing` where there is none. */
export async function loadAuthority(dataDir: string, clock: Clock): Promise<CertificateAuthority> {
  if (!hasAuthority(dataDir)) throw new DispatchError("ca_missing", undefined, { metadata: { path: filesOf(dataDir).folder } });
  const { key, certificate } = filesOf(dataDir);
  const { CertificateAuthority } = await import("./certificate-authority.js");
  return CertificateAuthority.load({ key: readFileSync(key, "utf8"), certificate: readFileSync(certificate, "utf8") }, clock);
}

/** The CA's certificate (PEM), without its key. */
export function authorityCertificate(dataDir: string): string {
  if (!hasAuthority(dataDir)) throw new DispatchError("ca_missing", undefined, { metadata: { path: filesOf(dataDir).folder } });
  return readFileSync(filesOf(dataDir).certificate, "utf8");
}
