import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { RenewCertificateRequest, RenewCertificateResponse } from "../../proto/gen/dispatch/v1/enrolment.js";
import type { Coordinator } from "../coordinator.js";

export const renewCertificate = ({ enrolment }: Coordinator): UnaryHandler<RenewCertificateRequest, RenewCertificateResponse> =>
  async ({ certificateRequest }, { principal }) => ({ certificate: await enrolment.renew(principal, certificateRequest) });
