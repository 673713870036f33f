import { AsyncQueue } from "../../core/async/async-queue.js";
import type { Delivery, DeliveryUpdate, ExecReport } from "../../core/domain/delivery.js";
import { newDeliveryId } from "../../core/domain/delivery-id.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import { isOver } from "../../core/domain/delivery-progress.js";
import type { ExecOptions, ExecRequest } from "../../core/domain/exec.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import type { Principal } from "../../core/domain/principal.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { commandHash } from "../../core/exec/command-hash.js";
import type { StreamHandler } from "../../core/transport/handlers.js";
import { updateToWire } from "../../core/wire/delivery.js";
import { execOptionsFromWire } from "../../core/wire/exec.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { CoordinatorExecRequest, CoordinatorExecResponse } from "../../proto/gen/dispatch/v1/coordinator.js";
import type { Coordinator } from "../coordinator.js";
import { applyUpdate } from "../deliveries/apply-update.js";

/** The node ends a command's wait at its time; its answer may take this much longer. */
const graceMs = 10_000;

/** Runs one command, once, whoever listens: where the node does not answer in the middle, nobody knows, and it is never typed again. */
export const exec = (coordinator: Coordinator): StreamHandler<CoordinatorExecRequest, CoordinatorExecResponse> =>
  async function* ({ target, command, options: asked }, { signal, principal }) {
    const address = addressFromWire(target);
    const options = execOptionsFromWire(asked);
    const node = coordinator.nodes.forNewWork(address.machine);
    const stored = await claimCommand(coordinator, { ...address, machine: node.machine }, formatAddress(address), command, options);
    const updates = new AsyncQueue<DeliveryUpdate>();
    const stopListening = (): void => updates.end();
    signal.addEventListener("abort", stopListening, { once: true });
    const done = runCommand(coordinator, { machine: node.machine, principal }, { deliveryId: stored.id, address, command, options }, stored, updates);
    done.catch((error: unknown) => coordinator.log.error({ error, delivery: stored.id }, "command could not be stored"));
    try {
      for await (const update of updates) yield { update: updateToWire(update) };
      if (!signal.aborted) await done;
    } finally {
      signal.removeEventListener("abort", stopListening);
    }
  };

/** The row stands before the node is asked. It holds the command's hash, never the command. */
async function claimCommand({ store, clock }: Coordinator, address: TargetAddress, requestedTarget: string, command: string, { timeoutMs, dryRun, wait, forceInterrupt }: ExecOptions): Promise<Delivery> {
  const id = newDeliveryId();
  const options = deliveryOptions({ timeoutMs, dryRun, waitFor: wait ? "finished" : "delivered" });
  const report: ExecReport = { commandHash: commandHash(command), allowed: false, code: "", rule: "", sentence: "It was not judged.", interrupt: forceInterrupt, pasteText: "", output: "" };
  const delivery = { ...newDelivery({ id, key: id, machine: address.machine, requestedTarget, kind: "exec", text: "", options, now: clock.now() }), exec: report };
  await store.claim({ address, delivery, fingerprint: id, prompt: undefined });
  await store.onDisk();
  return delivery;
}

async function runCommand(coordinator: Coordinator, { machine, principal }: { machine: string; principal: Principal }, request: ExecRequest, stored: Delivery, updates: AsyncQueue<DeliveryUpdate>): Promise<void> {
  const { store, clock, nodes } = coordinator;
  let delivery = stored;
  const record = (update: DeliveryUpdate): void => {
    delivery = applyUpdate(delivery, update);
    store.record(withoutText(update), keepable(delivery));
    updates.push(update);
  };
  const call = { deadline: new Date(clock.now().getTime() + request.options.timeoutMs + graceMs), signal: new AbortController().signal, principal };
  try {
    for await (const update of nodes.forMachine(machine).exec(request, call)) record(update);
    if (!isOver(delivery)) throw new DispatchError("no_answer", "The node ended its answer in the middle.");
  } catch (error) {
    const cut = cutOff(delivery, error instanceof DispatchError ? error : new DispatchError("internal"));
    const update: DeliveryUpdate = { deliveryId: stored.id, sequence: delivery.steps.length + 1, at: clock.now(), ...cut };
    const ended = applyUpdate(delivery, update);
    store.record(update, keepable(ended));
    updates.push({ ...update, delivery: ended });
  } finally {
    updates.end();
  }
}

/** What is known of a command when its node's answer ends too early. */
function cutOff({ status, steps }: Delivery, { reason, message }: DispatchError): Pick<DeliveryUpdate, "step" | "detail" | "reason"> {
  if (status === "delivered") return { step: "working", detail: `The shell took the line. ${message} How the command ends is not known.`, reason };
  const unknown = steps.length > 0 || reason === "no_answer" || reason === "node_unreachable" || reason === "internal";
  if (unknown) return { step: "unconfirmed", detail: `${message} Whether the command ran is not known; it is not typed again.`, reason };
  return { step: "refused", detail: `${message} Nothing was typed.`, reason };
}

function withoutText({ delivery: _, ...update }: DeliveryUpdate): DeliveryUpdate {
  return update;
}

/** What is kept: hash, verdict, rule and why; what would be typed and what was printed are for the caller alone. */
function keepable(delivery: Delivery): Delivery {
  return { ...delivery, exec: delivery.exec && { ...delivery.exec, pasteText: "", output: "" } };
}
