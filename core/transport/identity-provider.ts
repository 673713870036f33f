import type { experimental } from "@grpc/grpc-js";
import type { Credentials } from "../pki/identity-store.js";

type Provider = experimental.CertificateProvider;
type AuthorityListener = Parameters<Provider["addCaCertificateListener"]>[0];
type IdentityListener = Parameters<Provider["addIdentityCertificateListener"]>[0];

/** Credentials that can be renewed while connections stand: those that are made afterwards use the new ones. */
export class IdentityProvider implements Provider {
  readonly #authorityListeners = new Set<AuthorityListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  readonly #changed = new Set<() => void>();
  #current: Credentials;

  constructor(credentials: Credentials) {
    this.#current = credentials;
  }

  get current(): Credentials {
    return this.#current;
  }

  renew(credentials: Credentials): void {
    this.#current = credentials;
    for (const listener of this.#authorityListeners) listener(this.#authority());
    for (const listener of this.#identityListeners) listener(this.#identity());
    for (const changed of this.#changed) changed();
  }

  onChange(changed: () => void): void {
    this.#changed.add(changed);
  }

  addCaCertificateListener(listener: AuthorityListener): void {
    this.#authorityListeners.add(listener);
    process.nextTick(listener, this.#authority());
  }

  removeCaCertificateListener(listener: AuthorityListener): void {
    this.#authorityListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    process.nextTick(listener, this.#identity());
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
  }

  #authority(): { caCertificate: Buffer } {
    return { caCertificate: Buffer.from(this.#current.authority) };
  }

  #identity(): { certificate: Buffer; privateKey: Buffer } {
    return { certificate: Buffer.from(this.#current.certificate), privateKey: Buffer.from(this.#current.key) };
  }
}
