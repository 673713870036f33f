import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { DispatchError } from "../errors/dispatch-error.js";
import { makeFolder } from "../make-folder.js";
import type { CertificateKind } from "./identity.js";
import { certificateFingerprint, peerIdentity, type PeerIdentity } from "./peer-identity.js";

/** Everything that one end of a TLS connection needs: its key, its certificate, and whose certificates it believes. All PEM. */
export interface Credentials {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
}

/** What a join found out beside the certificate. */
const settingsSchema = () => z.strictObject({
  /** `host:port` of the coordinator. */
  coordinator: z.string().optional(),
  /** `host:port` at which a node takes calls. */
  listen: z.string().optional(),
});
export type IdentitySettings = z.infer<ReturnType<typeof settingsSchema>>;

export interface StoredIdentity extends Credentials {
  readonly identity: PeerIdentity;
  readonly settings: IdentitySettings;
}

/** One folder for each kind, 0700, its files 0600: `STATE/identity/node/key.pem` and so on. */
function folderOf(dataDir: string, kind: CertificateKind): string {
  return join(dataDir, "identity", kind);
}

/** Undefined where this machine has none of that kind. A folder that cannot be read, or is damaged, is `state_unwritable`. */
export function loadIdentity(dataDir: string, kind: CertificateKind): StoredIdentity | undefined {
  const folder = folderOf(dataDir, kind);
  try {
    const [key, certificate, authority, settings] = ["key.pem", "certificate.pem", "authority.pem", "settings.json"].map((name) => readFileSync(join(folder, name), "utf8"));
    if (!key || !certificate || !authority || !settings) throw new Error("a file is empty");
    const identity = peerIdentity(certificate);
    if (identity?.kind !== kind) throw new Error("the certificate is not of this kind");
    return { key, certificate, authority, identity, settings: settingsSchema().parse(JSON.parse(settings)) };
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw new DispatchError("state_unwritable", `The identity in ${folder} cannot be used: ${(error as Error).message}. Join again with \`dispatch join\`.`, { metadata: { path: folder }, cause: error });
  }
}

/** Writes each file aside and puts it in place; the certificate last, so that what is read is whole. */
export function saveIdentity(dataDir: string, kind: CertificateKind, { key, certificate, authority }: Credentials, settings: IdentitySettings): void {
  const folder = folderOf(dataDir, kind);
  makeFolder(folder);
  const files = { "key.pem": key, "authority.pem": authority, "settings.json": `${JSON.stringify(settings, null, 2)}\n`, "certificate.pem": certificate };
  for (const [name, text] of Object.entries(files)) {
    const aside = join(folder, `${name}.${process.pid}`);
    writeFileSync(aside, text, { mode: 0o600 });
    renameSync(aside, join(folder, name));
  }
}

/** For people: the first digits of the CA's fingerprint. */
export function shortFingerprint(authority: string): string {
  return certificateFingerprint(authority).slice(0, 16);
}
