import { checkedCaptureLines } from "../../core/domain/captured.js";
import { capturedToWire } from "../../core/wire/node.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import type { CaptureRequest, CaptureResponse } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";

export const capture = (node: Node): UnaryHandler<CaptureRequest, CaptureResponse> =>
  async ({ target, lines }) => capturedToWire(await node.capture(addressFromWire(target), checkedCaptureLines(lines)));
