import { createSecureContext, type SecureContext } from "node:tls";
import type { Credentials } from "../pki/identity-store.js";

/** Credentials that can be renewed while connections stand: those that are made afterwards use the new ones. */
export class IdentityProvider {
  readonly #changed = new Set<() => void>();
  #current: Credentials;
  #secureContext: SecureContext | undefined;

  constructor(credentials: Credentials) {
    this.#current = credentials;
  }

  get current(): Credentials {
    return this.#current;
  }

  /** For connections that are made: TLS 1.3, and only peers of the CA. One for all of them, since making it costs as much as a handshake. */
  get secureContext(): SecureContext {
    const { key, certificate, authority } = this.#current;
    return (this.#secureContext ??= createSecureContext({ key, cert: certificate, ca: authority, minVersion: "TLSv1.3" }));
  }

  renew(credentials: Credentials): void {
    this.#current = credentials;
    this.#secureContext = undefined;
    for (const changed of this.#changed) changed();
  }

  onChange(changed: () => void): void {
    this.#changed.add(changed);
  }
}
