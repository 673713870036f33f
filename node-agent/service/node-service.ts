import type { SubjectGrant } from "../../core/access/decide.js";
import type { AuditLog } from "../../core/store/audit-log.js";
import type { CallGate } from "../../core/transport/call-gate.js";
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
import { explain } from "./explain.js";
import { listAudit } from "./list-audit.js";
import { verifyAudit } from "./verify-audit.js";
import { updateRevocations } from "./update-revocations.js";
import { watch } from "./watch.js";

export interface NodeServiceSettings {
  readonly maxPromptBytes: number;
  readonly audit: AuditLog;
  /** What callers from the network may see and do here. */
  readonly grants: readonly SubjectGrant[];
  /** Told the serial numbers of certificates that are not to be believed any more. */
  readonly onRevocations: (serials: readonly string[]) => void;
}

/** Lists, which are narrowed to what their caller may see. */
export const decidedByHandlers: ReadonlySet<string> = new Set(["ListTargets", "Watch"]);

/** The NodeAgent service on a node. */
export function nodeService(node: Node, gate: CallGate, settings: NodeServiceSettings): NodeAgentServer {
  return {
    describe: unary(describe(node), gate),
    listTargets: unary(listTargets(node, settings.grants), gate),
    detect: unary(detect(node), gate),
    deliver: serverStream(deliver(node, settings.maxPromptBytes), gate),
    followDelivery: serverStream(followDelivery(node), gate),
    cancelDelivery: unary(cancelDelivery(node), gate),
    capture: unary(capture(node), gate),
    exec: serverStream(exec(node), gate),
    pressKey: unary(pressKey(node), gate),
    followCapture: serverStream(followCapture(node), gate),
    readConversation: unary(readConversation(node), gate),
    listSessions: unary(listSessions(node), gate),
    watch: serverStream(watch(node, settings.grants), gate),
    getDelivery: unary(getDelivery(node), gate),
    listDeliveries: unary(listDeliveries(node), gate),
    explain: unary(explain(node, settings.grants), gate),
    listAudit: unary(listAudit(settings.audit), gate),
    verifyAudit: unary(verifyAudit(settings.audit), gate),
    updateRevocations: unary(updateRevocations(settings.onRevocations), gate),
    doctor: unary(doctor(node), gate),
  };
}
