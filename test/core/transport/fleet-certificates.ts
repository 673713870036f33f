import type { Clock } from "../../../core/clock.js";
import { systemClock } from "../../../core/clock.js";
import { CertificateAuthority, createRequest } from "../../../core/pki/certificate-authority.js";
import type { Identity } from "../../../core/pki/identity.js";
import type { Credentials } from "../../../core/pki/identity-store.js";

export const dayMs = 86_400_000;

/** A fleet of a test's own; `issue` makes credentials in it, at another time where one is given. */
export async function testFleet(): Promise<{ fleet: string; authority: CertificateAuthority; issue(identity: Omit<Identity, "fleet" | "roles"> & { roles?: Identity["roles"] }, at?: Date, lifeMs?: number): Promise<Credentials> }> {
  let now: Date | undefined;
  const clock: Clock = { ...systemClock, now: () => now ?? systemClock.now() };
  const { authority } = await CertificateAuthority.create("test", clock);
  return {
    fleet: authority.fleet,
    authority,
    async issue(identity, at, lifeMs = dayMs) {
      const { key, request } = await createRequest(identity.name);
      now = at;
      const certificate = await authority.issue({ identity: { roles: [], ...identity }, request, lifeMs });
      now = undefined;
      return { key, certificate, authority: authority.certificate };
    },
  };
}
