import type { DeliveryOptions } from "../../core/domain/delivery.js";
import { newDeliveryId } from "../../core/domain/delivery-id.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import { subjectOf, type Principal } from "../../core/domain/principal.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { validatePrompt } from "../../core/domain/validate-prompt.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Coordinator } from "../coordinator.js";
import type { StoredDelivery } from "../store/delivery-store.js";
import { fingerprintOf } from "./fingerprint.js";

export interface PromptToSend {
  /** Idempotency key; empty makes a new delivery. */
  readonly key: string;
  readonly target: TargetAddress;
  readonly prompt: string;
  readonly options: DeliveryOptions;
  readonly principal: Principal | undefined;
  /** Whose turn it takes where many wait; the subject of the principal where it is not given. */
  readonly caller?: string | undefined;
}

/**
 * Stores a delivery and starts it; gives back its id once it would survive a loss of power (without having been told it, a caller comes again
 * with the same key, which its node then knows). The same key again joins the running one or
 * replays it. `key_conflict` where the key was used for something else, `unknown_machine`, and what `validatePrompt` refuses.
 */
export async function beginDelivery(coordinator: Coordinator, send: PromptToSend): Promise<string> {
  const stored = storedDelivery(coordinator, send);
  // A machine that drains still answers for what it has.
  if (coordinator.nodes.isDraining(stored.address.machine) && !coordinator.store.find(stored.delivery.key)) coordinator.nodes.forNewWork(stored.address.machine);
  const holder = await coordinator.store.claim(stored);
  if (holder && holder.fingerprint !== stored.fingerprint) {
    throw new DispatchError("key_conflict", undefined, { metadata: { field: "key", value: send.key, delivery: holder.delivery.id } });
  }
  if (!holder) coordinator.runner.start(stored, send.caller ?? (send.principal ? subjectOf(send.principal) : "owner"));
  else await coordinator.runner.settled(holder);
  const { id } = (holder ?? stored).delivery;
  // It is under way: what becomes of it is worth more than this error.
  await coordinator.store.onDisk().catch((error: unknown) => coordinator.log.warn({ error, delivery: id }, "a delivery would not survive a loss of power"));
  return id;
}

function storedDelivery(coordinator: Coordinator, { key: asked, target, prompt, options, principal }: PromptToSend): StoredDelivery {
  validatePrompt(prompt, coordinator.maxPromptBytes);
  const { machine } = coordinator.nodes.forMachine(target.machine);
  const address = { ...target, machine };
  const id = newDeliveryId();
  // A dry run claims no key: the same key may then be used for the real thing.
  const key = (!options.dryRun && asked) || id;
  const delivery = newDelivery({ id, key, machine, requestedTarget: formatAddress(target), kind: "prompt", text: prompt, options, now: coordinator.clock.now() });
  return { address, fingerprint: fingerprintOf(address, delivery.promptSha256, options), prompt, delivery, ...(principal && principal.kind !== "owner" && { principal }) };
}
