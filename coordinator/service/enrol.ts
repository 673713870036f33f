import type { UnaryHandler } from "../../core/transport/handlers.js";
import { certificateKind } from "../../core/wire/enrolment.js";
import type { EnrolRequest, EnrolResponse } from "../../proto/gen/dispatch/v1/enrolment.js";
import type { Coordinator } from "../coordinator.js";

export const enrol = ({ enrolment, log }: Coordinator): UnaryHandler<EnrolRequest, EnrolResponse> =>
  async ({ certificateRequest, name: wanted }, { principal }) => {
    const { certificate, kind, name } = await enrolment.enrol(principal, certificateRequest, wanted);
    log.info({ kind, name }, "a machine has joined");
    return { certificate, kind: certificateKind.toWire(kind), name };
  };
