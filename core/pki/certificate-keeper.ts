import type { Clock } from "../clock.js";
import type { Log } from "../log.js";
import type { IdentityProvider } from "../transport/identity-provider.js";
import type { CertificateKind } from "./identity.js";
import { saveIdentity, type IdentitySettings } from "./identity-store.js";
import { peerIdentity } from "./peer-identity.js";

const retryMs = 60_000;

export interface RenewParts {
  readonly dataDir: string;
  readonly kind: CertificateKind;
  readonly settings: IdentitySettings;
  readonly provider: IdentityProvider;
  readonly clock: Clock;
  /** Has a request (PEM) signed by the CA. */
  readonly renew: (request: string) => Promise<string>;
}

export interface KeeperParts extends RenewParts {
  readonly log: Log;
}

/** Renews a certificate where two thirds of its life are over; it is used from then on. Tells whether it did. */
export async function renewWhereDue({ dataDir, kind, settings, provider, clock, renew }: RenewParts): Promise<boolean> {
  if (untilRenewal(provider.current.certificate, clock) > 0) return false;
  const { createRequest } = await import("./certificate-authority.js");
  const { key, request } = await createRequest(kind);
  const renewed = { key, certificate: await renew(request), authority: provider.current.authority };
  saveIdentity(dataDir, kind, renewed, settings);
  provider.renew(renewed);
  return true;
}

/** Renews a certificate whenever two thirds of its life are over, and again each minute where that fails. Returns what ends it. */
export function keepCertificate({ log, ...parts }: KeeperParts): () => void {
  const { provider, clock } = parts;
  let cancel = (): void => undefined;
  const arm = (delayMs: number): void => {
    cancel = clock.after(Math.max(0, delayMs), () => void turn());
  };
  const turn = async (): Promise<void> => {
    try {
      if (await renewWhereDue(parts)) log.info({ kind: parts.kind }, "the certificate was renewed");
      arm(untilRenewal(provider.current.certificate, clock));
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
