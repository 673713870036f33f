import type { UnaryHandler } from "../../core/transport/handlers.js";
import { certificateKind } from "../../core/wire/enrolment.js";
import type { ListCertificatesRequest, ListCertificatesResponse } from "../../proto/gen/dispatch/v1/enrolment.js";
import type { Coordinator } from "../coordinator.js";

export const listCertificates = ({ enrolment }: Coordinator): UnaryHandler<ListCertificatesRequest, ListCertificatesResponse> =>
  async () => ({ certificates: enrolment.list().map(({ kind, roles, revokedAt, ...rest }) => ({ ...rest, kind: certificateKind.toWire(kind), roles: [...roles], revokedAt })) });
