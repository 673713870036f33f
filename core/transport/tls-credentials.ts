import { experimental, type ChannelCredentials } from "@grpc/grpc-js";
import type { PeerCertificate } from "node:tls";
import type { IdentityProvider } from "./identity-provider.js";
import { wrongPeer, type ExpectedPeer } from "./peer-check.js";

/** Mutual TLS for a channel: only the peer that is meant is talked to, whatever address it was reached at. */
export function tlsCredentials(provider: IdentityProvider, expected: ExpectedPeer, isRevoked?: (serial: string) => boolean): ChannelCredentials {
  return experimental.createCertificateProviderChannelCredentials(provider, provider, {
    // The name in the address is not what counts: who is there stands in the certificate.
    checkServerIdentity: (_host: string, { raw }: PeerCertificate) => {
      const wrong = wrongPeer(expected, raw, isRevoked);
      return wrong === undefined ? undefined : new Error(wrong);
    },
  });
}
