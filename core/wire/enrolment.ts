import { CertificateKind as WireKind } from "../../proto/gen/dispatch/v1/enrolment.js";
import { roles, type Role } from "../domain/principal.js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { CertificateKind } from "../pki/identity.js";
import { enumCodec } from "./enum-codec.js";

export const certificateKind = enumCodec<CertificateKind, WireKind>(WireKind, "CERTIFICATE_KIND", "joiner");

/** `invalid_argument` where one is none of ours. */
export function rolesFromWire(words: readonly string[]): Role[] {
  const unknown = words.find((word) => !(roles as readonly string[]).includes(word));
  if (unknown !== undefined) throw new DispatchError("invalid_argument", `roles: "${unknown}" is no role; write some of ${roles.join(", ")}.`, { metadata: { field: "roles", value: unknown } });
  return [...new Set(words as readonly Role[])];
}
