import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { Clock } from "../clock.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { identityUri, type Identity } from "./identity.js";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
const authorityDays = 3_650;
/** Clocks of two machines differ. */
const backdateMs = 5 * 60_000;

export interface KeyAndCertificate {
  /** PKCS #8, PEM. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
}

export interface IssueRequest {
  readonly identity: Omit<Identity, "fleet">;
  /** Whose key it is: a request that was signed with it (PEM). */
  readonly request: string;
  readonly lifeMs: number;
}

/** Makes and signs the certificates of one fleet. Loaded only where that is done: reading and checking needs no library. */
export class CertificateAuthority {
  readonly fleet: string;
  /** PEM. */
  readonly certificate: string;
  readonly #certificate: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;
  readonly #clock: Clock;

  private constructor(certificate: x509.X509Certificate, key: webcrypto.CryptoKey, fleet: string, clock: Clock) {
    this.#certificate = certificate;
    this.#key = key;
    this.#clock = clock;
    this.fleet = fleet;
    this.certificate = certificate.toString("pem");
  }

  /** A new one, for ten years, with a new fleet. `name` is for people. */
  static async create(name: string, clock: Clock): Promise<{ authority: CertificateAuthority; files: KeyAndCertificate }> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const fleet = randomBytes(8).toString("hex");
    const now = clock.now().getTime();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [name] }, { O: [`dispatch ${fleet}`] }], serialNumber: serialNumber(), keys, signingAlgorithm: algorithm,
      notBefore: new Date(now - backdateMs), notAfter: new Date(now + authorityDays * dayMs),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { authority: new CertificateAuthority(certificate, keys.privateKey, fleet, clock), files: { key: await pemOf(keys.privateKey), certificate: certificate.toString("pem") } };
  }

  static async load({ key, certificate }: KeyAndCertificate, clock: Clock): Promise<CertificateAuthority> {
    const read = new x509.X509Certificate(certificate);
    const fleet = /dispatch ([0-9a-f]{16})/.exec(read.subject)?.[1];
    if (!fleet) throw new DispatchError("ca_missing", "The certificate of the CA is not one that this program made.");
    const [der] = x509.PemConverter.decode(key);
    if (!der) throw new DispatchError("ca_missing", "The key of the CA is not PEM.");
    return new CertificateAuthority(read, await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]), fleet, clock);
  }

  /** A certificate for the key that signed the request. What else the request asks for is not looked at. */
  async issue({ identity, request, lifeMs }: IssueRequest): Promise<string> {
    const asked = await verifiedRequest(request);
    const full: Identity = { ...identity, fleet: this.fleet };
    const now = this.#clock.now().getTime();
    const usages = identity.kind === "client" || identity.kind === "joiner" ? [x509.ExtendedKeyUsage.clientAuth] : [x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth];
    const certificate = await x509.X509CertificateGenerator.create({
      subject: [{ CN: [identity.name] }], issuer: this.#certificate.subject, serialNumber: serialNumber(), publicKey: asked.publicKey, signingKey: this.#key, signingAlgorithm: algorithm,
      notBefore: new Date(now - backdateMs), notAfter: new Date(now + lifeMs),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(usages),
        new x509.SubjectAlternativeNameExtension([{ type: "url", value: identityUri(full) }, { type: "dns", value: identity.name.replaceAll("_", "-") }]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate, false),
      ],
    });
    return certificate.toString("pem");
  }
}

/** A new key, and a request signed with it. The key stays where it was made. */
export async function createRequest(name: string): Promise<{ key: string; request: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: [{ CN: [name] }], keys, signingAlgorithm: algorithm });
  return { key: await pemOf(keys.privateKey), request: request.toString("pem") };
}

/** Throws `invalid_argument` where it is not a request that was signed with its own key. */
export async function verifyRequest(request: string): Promise<void> {
  await verifiedRequest(request);
}

async function verifiedRequest(request: string): Promise<x509.Pkcs10CertificateRequest> {
  try {
    const read = new x509.Pkcs10CertificateRequest(request);
    if (await read.verify()) return read;
  } catch {
    // Said below.
  }
  throw new DispatchError("invalid_argument", "request: it is not a certificate request that was signed with its own key.", { metadata: { field: "request" } });
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** 16 random bytes; the first bit is zero and the first byte is not, so that it reads the same everywhere. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
