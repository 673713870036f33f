import { strict as assert } from "node:assert";
import type { Delivery } from "../../../core/domain/delivery.js";
import type { RealAgentKind } from "../../testkit/real-agents/kinds.js";
import { patienceMs, type AgentDesk, type Desked } from "../suite/agent-desk.js";
import { judge } from "../suite/judge.js";

export interface SceneContext {
  readonly desk: AgentDesk;
  /** An idle agent that scenes share; left idle by each. A scene that would harm it starts its own. */
  readonly agent: Desked;
}

export interface Scene {
  readonly name: string;
  /** Only these kinds; all where left out. */
  readonly kinds?: readonly RealAgentKind[];
  /** Pinned programs that it runs, besides the agent. */
  readonly installs?: readonly string[];
  /** Throws where the product did something else than it promises. */
  run(context: SceneContext): Promise<void>;
}

/** Delivered, proven by the record, and at the model exactly once. */
export async function assertDelivered(agent: Desked, prompt: string, token: string, delivery: Delivery): Promise<void> {
  const got = await agent.texts(token, { restMs: 200 });
  const { verdict, why } = judge(prompt, delivery, got);
  assert.ok(verdict === "exact" || verdict === "transformed", `${delivery.status} (${delivery.reason}) ${delivery.detail}; ${verdict}: ${why}`);
}

/** Refused with one of these reasons, and nothing of it anywhere: not at the model, not on the screen. */
export async function assertRefused(agent: Desked, token: string, delivery: Delivery, reasons: readonly string[]): Promise<void> {
  assert.equal(delivery.status, "refused", `${delivery.status} (${delivery.reason}) ${delivery.detail}`);
  assert.ok(reasons.includes(delivery.reason), `refused for ${delivery.reason}, not ${reasons.join(" or ")}: ${delivery.detail}`);
  assert.deepEqual(await agent.texts(token, { timeoutMs: 300 }), []);
  if (!(await agent.dead())) assert.ok(!(await agent.screen()).includes(token), "the text is on the screen");
}

/** Whatever was said is true: delivered is at the model once, refused is nowhere, the rest is at most once. */
export async function assertTrue(agent: Desked, prompt: string, token: string, delivery: Delivery): Promise<void> {
  const got = await agent.texts(token, { timeoutMs: delivery.status === "delivered" ? patienceMs : 1000, restMs: 200 });
  const { verdict, why } = judge(prompt, delivery, got);
  assert.ok(!["false", "double", "lost"].includes(verdict), `${verdict}: ${why}`);
}
