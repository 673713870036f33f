import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { RevokeCertificateRequest, RevokeCertificateResponse } from "../../proto/gen/dispatch/v1/enrolment.js";
import type { Coordinator } from "../coordinator.js";

export const revokeCertificate = ({ enrolment }: Coordinator): UnaryHandler<RevokeCertificateRequest, RevokeCertificateResponse> =>
  async ({ subject }) => {
    const revoked = enrolment.revoke(subject).length;
    if (revoked === 0) {
      throw new DispatchError("invalid_argument", `subject: no good certificate is that of "${subject}"; write node:NAME, client:NAME or a serial number.`, { metadata: { field: "subject", value: subject } });
    }
    return { revoked };
  };
