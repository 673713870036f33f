import { updateToWire } from "../../core/wire/delivery.js";
import { execRequestFromWire } from "../../core/wire/exec.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import type { ExecRequest, ExecResponse } from "../../proto/gen/dispatch/v1/exec.js";
import type { Node } from "../node.js";

export const exec = (node: Node): StreamHandler<ExecRequest, ExecResponse> =>
  async function* (request, { signal }) {
    for await (const update of node.exec(execRequestFromWire(request), signal)) yield { update: updateToWire(update) };
  };
