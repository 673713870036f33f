import { ensurePrivateFolder, socketFolder, socketPath } from "../core/config/state-folder.js";
import type { Delivery, DeliveryUpdate, Evidence } from "../core/domain/delivery.js";
import type { Detection } from "../core/domain/detection.js";
import { deliveryOptions } from "../core/domain/delivery-options.js";
import { newDelivery } from "../core/domain/new-delivery.js";
import type { ResolvedTarget } from "../core/domain/target.js";
import { silentLog } from "../core/log.js";
import { serveOnSocket } from "../core/transport/grpc-server.js";
import { serverStream } from "../core/transport/handlers.js";
import { ownersGate } from "../core/transport/owners-gate.js";
import { updateToWire } from "../core/wire/delivery.js";
import { CoordinatorService, type SendRequest, type SendResponse } from "../proto/gen/dispatch/v1/coordinator.js";

/** A coordinator on the socket of a state folder that takes every prompt for delivered, for the build alone: what a program does with its answers is compiled while it does it. */
export async function startRehearsal(dataDir: string): Promise<() => Promise<void>> {
  ensurePrivateFolder(dataDir);
  ensurePrivateFolder(socketFolder(dataDir));
  const { close } = await serveOnSocket(socketPath(dataDir, "coordinator.sock"), "dispatch.v1.Coordinator", CoordinatorService, { send: serverStream(send, ownersGate(silentLog)) });
  return close;
}

async function* send({ prompt, key }: SendRequest): AsyncGenerator<SendResponse> {
  const now = new Date();
  const target: ResolvedTarget = { machine: "here", server: "/tmp/tmux", paneId: "%1", target: "work:0.0", panePid: 1, window: "agent", active: true, width: 80, height: 24 };
  const detection: Detection = {
    targetKind: "agent", agentKind: "claude", state: "idle", composerState: "idle", canReceivePrompt: true, canQueuePrompt: false, submitKeys: ["Enter"], recommendedSubmitKey: "Enter", reason: "", paneCommand: "claude", cwd: "/", agentVersion: "1", agentPid: 1, agentStarted: 1n, sessionId: "",
    activity: "", actionNeeded: "", hasDraft: false, evidence: [{ source: "process", detail: "" }], observedAt: now, since: now,
  };
  const evidence: Evidence = { source: "record", locator: "/record@1", recordedAt: now, sentSha256: "", recordedSha256: "", exact: true, transformation: [], sessionId: "" };
  const steps = (["accepted", "typed", "parked", "submitted", "delivered"] as const).map((step, index): DeliveryUpdate => (
    { deliveryId: "000000000001", sequence: index + 1, step, at: now, detail: "", reason: "", ...(step === "typed" && { detection }), ...(step === "delivered" && { evidence }) }
  ));
  const accepted = newDelivery({ id: "000000000001", key, machine: "here", requestedTarget: "work:agent", kind: "prompt", text: prompt, options: deliveryOptions(), now });
  const delivery: Delivery = { ...accepted, status: "delivered", steps, target, detection, evidence };
  for (const step of steps) yield { update: updateToWire(step.step === "delivered" ? { ...step, delivery } : step) };
}
