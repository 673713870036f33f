import fc from "fast-check";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { systemClock, type Clock } from "../../../core/clock.js";
import { CertificateAuthority, createRequest } from "../../../core/pki/certificate-authority.js";
import { certificateKinds, identityUri, isIdentityName, parseIdentityUri } from "../../../core/pki/identity.js";
import { certificateFingerprint, peerIdentity, shownIdentity } from "../../../core/pki/peer-identity.js";
import { roles } from "../../../core/domain/principal.js";

const dayMs = 86_400_000;

describe("the identity in a certificate", () => {
  const names = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/);

  it("is read back as it was written", () => {
    fc.assert(fc.property(fc.constantFrom(...certificateKinds), names, fc.subarray([...roles]), (kind, name, granted) => {
      const identity = { fleet: "0123456789abcdef", kind, name, roles: kind === "client" ? granted : [] };
      expect(parseIdentityUri(identityUri(identity))).toEqual(identity);
    }));
  });

  it.each([
    "", "dispatch://0123456789abcdef/node/", "dispatch://0123456789abcdef/node/../admin", "dispatch://0123456789abcdef/root/x", "dispatch://0123456789ABCDEF/node/x",
    "dispatch://0123456789abcdef/node/x?roles=admin", "dispatch://0123456789abcdef/client/x?roles=root", "dispatch://0123456789abcdef/client/x?roles=", "dispatch://0123456789abcdef/client/x?roles=send,exec",
    "dispatch://0123456789abcdef/node/x\n", "spiffe://0123456789abcdef/node/x", "dispatch://0123456789abcdef/node/x/y", "dispatch://0123456789abcdef/node/-x", "dispatch://short/node/x",
  ])("is nothing else: %j", (uri) => {
    expect(parseIdentityUri(uri)).toBeUndefined();
  });

  it("a name that a certificate cannot hold is none", () => {
    for (const name of ["", "a b", "a/b", "a,b", "-a", "a".repeat(64), "ä", "a\u0000b", "*"]) expect(isIdentityName(name)).toBe(false);
  });
});

describe("the CA", () => {
  it("issues what node's own crypto verifies, for the key that asked", async () => {
    const { authority, files } = await CertificateAuthority.create("test fleet", systemClock);
    const again = await CertificateAuthority.load(files, systemClock);
    const { key, request } = await createRequest("whatever");
    const pem = await again.issue({ identity: { kind: "client", name: "alice", roles: ["observe", "send"] }, request, lifeMs: dayMs });
    const [certificate, ca] = [new X509Certificate(pem), new X509Certificate(authority.certificate)];
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(ca.ca).toBe(true);
    const identity = peerIdentity(pem)!;
    expect(identity).toMatchObject({ fleet: authority.fleet, kind: "client", name: "alice", roles: ["observe", "send"] });
    expect(identity.serial).toBe(certificate.serialNumber);
    expect(identity.validTo.getTime() - Date.now()).toBeGreaterThan(dayMs - 60_000);
    expect(certificateFingerprint(files.certificate)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("what the request names itself counts for nothing", async () => {
    const { authority } = await CertificateAuthority.create("test fleet", systemClock);
    const pem = await authority.issue({ identity: { kind: "node", name: "spark01", roles: [] }, request: (await createRequest("coordinator")).request, lifeMs: dayMs });
    expect(peerIdentity(pem)).toMatchObject({ kind: "node", name: "spark01" });
    // As a connection on which it is shown tells it.
    expect(shownIdentity(new X509Certificate(pem).toLegacyObject())).toEqual(peerIdentity(pem));
    expect(new X509Certificate(pem).checkHost("coordinator")).toBeUndefined();
  });

  it("a request that is none, or whose signature is not of its key, is refused", async () => {
    const { authority } = await CertificateAuthority.create("test fleet", systemClock);
    const { request } = await createRequest("x");
    const body = request.split("\n");
    const middle = body[2]!;
    const tampered = [...body.slice(0, 2), (middle.startsWith("A") ? "B" : "A") + middle.slice(1), ...body.slice(3)].join("\n");
    for (const wrong of ["", "nothing", tampered, authority.certificate]) {
      await expect(authority.issue({ identity: { kind: "node", name: "x", roles: [] }, request: wrong, lifeMs: dayMs })).rejects.toMatchObject({ reason: "invalid_argument" });
    }
  });

  it("times follow the clock that it was given", async () => {
    const then = new Date("2020-01-01T00:00:00Z");
    const clock: Clock = { ...systemClock, now: () => then };
    const { authority } = await CertificateAuthority.create("old", clock);
    const pem = await authority.issue({ identity: { kind: "node", name: "x", roles: [] }, request: (await createRequest("x")).request, lifeMs: dayMs });
    expect(peerIdentity(pem)!.validTo).toEqual(new Date("2020-01-02T00:00:00Z"));
  });
});
