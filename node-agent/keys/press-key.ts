import type { Clock } from "../../core/clock.js";
import type { Delivery, DeliveryStep, DeliveryUpdate } from "../../core/domain/delivery.js";
import { newDeliveryId } from "../../core/domain/delivery-id.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import type { TargetAddress } from "../../core/domain/target.js";
import { formatAddress } from "../../core/domain/target-address.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { refusal, Refusal } from "../delivery/run-context.js";
import { paneName, type Pane, type Sight } from "../delivery/sight.js";
import type { PaneLocks } from "../delivery/pane-locks.js";
import { decideKey } from "./decide-key.js";
import { readKeyName, tmuxKeyName, type KeyName } from "./key-names.js";

export interface KeyParts {
  readonly machine: string;
  readonly clock: Clock;
  readonly locks: PaneLocks;
  resolve(address: TargetAddress): Promise<Pane>;
}

export interface KeyRequest {
  readonly deliveryId: string;
  readonly address: TargetAddress;
  readonly keyName: string;
}

/** A pane that does not hold still is looked at again so often, and for so long its lock is waited for. */
const maxLooks = 5;
const lockMs = 10_000;

/** Presses one key in an agent, under the pane's lock and with what was seen as its guard. A refusal is an outcome. */
export async function pressKey(parts: KeyParts, request: KeyRequest): Promise<Delivery> {
  const key = readKeyName(request.keyName);
  const id = request.deliveryId || newDeliveryId();
  const now = parts.clock.now();
  const blank = newDelivery({
    id, key: id, machine: parts.machine, requestedTarget: formatAddress(request.address), kind: "key", text: "", options: deliveryOptions({ timeoutMs: lockMs }), now,
  });
  const delivery = { ...blank, keyName: tmuxKeyName(key) };
  const ended = (step: DeliveryStep, change: Partial<Delivery> & Pick<Delivery, "status" | "detail" | "reason">): Delivery => {
    const update: DeliveryUpdate = { deliveryId: id, sequence: 1, step, at: parts.clock.now(), detail: change.detail, reason: change.reason };
    return { ...delivery, ...change, steps: [update], updatedAt: parts.clock.now() };
  };
  let seen: Sight | undefined;
  try {
    const pane = await parts.resolve(request.address);
    const release = await acquireInTime(parts, `pane:${paneName(pane)}`);
    try {
      await pressOnce(pane, key, id, (sight) => (seen = sight));
    } finally {
      release();
    }
    const detail = `${key} was written to the pane; what the agent makes of it is not looked at.`;
    return ended("submitted", { status: "delivered", detail, reason: "", target: pane.target, presses: 1, detection: seen?.detection });
  } catch (error) {
    if (!(error instanceof DispatchError)) throw error;
    // A server that was lost in the middle may have written the key or not.
    if (error.reason === "tmux_lost") return ended("unconfirmed", { status: "unconfirmed", detail: error.message, reason: error.reason, detection: seen?.detection });
    return ended("refused", { status: "refused", detail: error.message, reason: error.reason, detection: seen?.detection });
  }
}

/** The pane's lock, or the refusal that another delivery has it. */
async function acquireInTime({ clock, locks }: KeyParts, name: string): Promise<() => void> {
  const late = new AbortController();
  const cancel = clock.after(lockMs, () => late.abort(refusal("locked_by_other", "Another delivery is typing into this pane; no key was pressed.")));
  try {
    return await locks.acquire(name, late.signal);
  } finally {
    cancel();
  }
}

async function pressOnce(pane: Pane, key: KeyName, id: string, saw: (sight: Sight) => void): Promise<void> {
  for (let look = 0; look < maxLooks; look++) {
    const seen = await pane.see();
    saw(seen);
    if (seen.screen.panePid !== pane.target.panePid) throw refusal("pane_changed", "The pane's process was replaced by another; no key was pressed.");
    if (seen.screen.inMode) {
      await pane.leaveCopyMode();
      continue;
    }
    const refused = decideKey(seen, key);
    if (refused) throw new Refusal(refused.reason, refused.detail);
    if ((await pane.press(seen, tmuxKeyName(key), `${id}:key`, undefined)) === "pressed") return;
  }
  throw refusal("pane_changed", "The pane does not hold still; no key was pressed.");
}
