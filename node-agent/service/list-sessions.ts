import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { ListSessionsRequest, ListSessionsResponse } from "../../proto/gen/dispatch/v1/bulk.js";
import type { Node } from "../node.js";

export const listSessions = (node: Node): UnaryHandler<ListSessionsRequest, ListSessionsResponse> =>
  async ({ query }) => ({ targets: await node.listSessions(query) });
