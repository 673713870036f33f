import { decide, type SubjectGrant } from "../../core/access/decide.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { rolesFromWire } from "../../core/wire/enrolment.js";
import type { ExplainRequest, ExplainResponse } from "../../proto/gen/dispatch/v1/access.js";
import { objectOfRequest } from "../network/object-of-request.js";
import type { Node } from "../node.js";

export const explain = (node: Node, grants: readonly SubjectGrant[]): UnaryHandler<ExplainRequest, ExplainResponse> =>
  async (request, { principal }) => {
    const [role = "observe"] = rolesFromWire([request.role]);
    const { machine } = await node.describe();
    const { allowed, why } = decide(principal.behalfOf ?? principal, role, await objectOfRequest(node, request), grants);
    return { decision: { by: `node of ${machine}`, allowed, why } };
  };
