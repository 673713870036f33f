import type { Log } from "../../core/log.js";
import { serverStream, unary } from "../../core/transport/handlers.js";
import type { NodeAgentServer } from "../../proto/gen/dispatch/v1/node_agent.js";
import type { Node } from "../node.js";
import { cancelDelivery } from "./cancel-delivery.js";
import { capture } from "./capture.js";
import { deliver } from "./deliver.js";
import { describe } from "./describe.js";
import { detect } from "./detect.js";
import { doctor } from "./doctor.js";
import { followDelivery } from "./follow-delivery.js";
import { getDelivery } from "./get-delivery.js";
import { listDeliveries } from "./list-deliveries.js";
import { listTargets } from "./list-targets.js";
import { exec } from "./exec.js";
import { pressKey } from "./press-key.js";
import { followCapture } from "./follow-capture.js";
import { readConversation } from "./read-conversation.js";
import { listSessions } from "./list-sessions.js";
import { watch } from "./watch.js";

/** The NodeAgent service on a node. */
export function nodeService(node: Node, settings: { maxPromptBytes: number; log: Log }): NodeAgentServer {
  const { log } = settings;
  return {
    describe: unary(describe(node), log),
    listTargets: unary(listTargets(node), log),
    detect: unary(detect(node), log),
    deliver: serverStream(deliver(node, settings.maxPromptBytes), log),
    followDelivery: serverStream(followDelivery(node), log),
    cancelDelivery: unary(cancelDelivery(node), log),
    capture: unary(capture(node), log),
    exec: serverStream(exec(node), log),
    pressKey: unary(pressKey(node), log),
    followCapture: serverStream(followCapture(node), log),
    readConversation: unary(readConversation(node), log),
    listSessions: unary(listSessions(node), log),
    watch: serverStream(watch(node), log),
    getDelivery: unary(getDelivery(node), log),
    listDeliveries: unary(listDeliveries(node), log),
    doctor: unary(doctor(node), log),
  };
}
