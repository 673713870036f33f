import type { Clock } from "../clock.js";
import type { Log } from "../log.js";
import type { IdentityProvider } from "../transport/identity-provider.js";
import type { CertificateKind } from "./identity.js";
import { saveIdentity, type IdentitySettings } from "./identity-store.js";
import { peerIdentity } from "./peer-identity.js";

const retryMs = 60_000;

export interface KeeperParts {
  readonly dataDir: string;
  readonly kind: CertificateKind;
  readonly settings: IdentitySettings;
  readonly provider: IdentityProvider;
  readonly clock: Clock;
  readonly log: Log;
  /** Has a request (PEM) signed by the CA. */
  readonly renew: (request: string) => Promise<string>;
}

/** Renews a certificate when two thirds of its life are over, and again each minute where that fails; the new one is used from then on. Returns what ends it. */
export function keepCertificate({ dataDir, kind, settings, provider, clock, log, renew }: KeeperParts): () => void {
  let cancel = (): void => undefined;
  const arm = (delayMs: number): void => {
    cancel = clock.after(Math.max(0, delayMs), () => void turn());
  };
  const turn = async (): Promise<void> => {
    try {
      const { createRequest } = await import("./certificate-authority.js");
      const { key, request } = await createRequest(kind);
      const renewed = { key, certificate: await renew(request), authority: provider.current.authority };
      saveIdentity(dataDir, kind, renewed, settings);
      provider.renew(renewed);
      log.info({ kind }, "the certificate was renewed");
      arm(untilRenewal(renewed.certificate, clock));
    } catch (error) {
      log.warn({ error }, "the certificate could not be renewed");
      arm(retryMs);
    }
  };
  arm(untilRenewal(provider.current.certificate, clock));
  return () => cancel();
}

function untilRenewal(certificate: string, clock: Clock): number {
  const identity = peerIdentity(certificate);
  if (!identity) return 0;
  const [from, to] = [identity.validFrom.getTime(), identity.validTo.getTime()];
  return from + ((to - from) * 2) / 3 - clock.now().getTime();
}
