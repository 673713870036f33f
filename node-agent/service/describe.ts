import { descriptionToWire } from "../../core/wire/node.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { DescribeRequest, DescribeResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const describe = (node: Node): UnaryHandler<DescribeRequest, DescribeResponse> =>
  async () => descriptionToWire(await node.describe());
