import { beforeAll, describe, expect, it } from "vitest";
import { SeededRandom } from "../testkit/prompts/seeded-random.js";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create();
});

const trials = Math.ceil(Number(process.env["DISPATCH_CHAOS_TRIALS"] ?? 8) / 4);
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe.concurrent("a person types into the pane while we send", () => {
  it.each([1, 2, 3, 4])("what is submitted by us is our text and nothing else (seed %i)", async (seed) => {
    const random = new SeededRandom(seed);
    const agent = await product.agent({ settings: { turnMs: 5, echoDelayMs: random.integer(0, 60) } });
    const ours: string[] = [];
    for (let trial = 0; trial < trials; trial++) {
      const text = `ours ${seed} ${trial}`;
      const sending = product.sending(agent.target, text, "--on-draft", random.pick(["wait", "refuse"]), "--timeout", "12s");
      await sending.saw("accepted");
      for (let letters = random.integer(1, 4); letters > 0; letters--) {
        await pause(random.integer(0, 120));
        await product.tmux.run("send-keys", "-t", agent.paneId, "-l", random.pick(["x", "yes ", "no"]));
      }
      const outcome = await sending.outcome;
      if (outcome.status === "delivered") ours.push(text);
      expect(await agent.submitted(), JSON.stringify([outcome, await agent.events()])).toEqual(ours);
      // What is left is the person's to clear.
      await product.tmux.run("send-keys", "-t", agent.paneId, "C-c");
      await eventually(async () => (await product.tmux.screen(agent.paneId)).includes("Give me something to do"), "an empty composer");
    }
  }, 30_000 + trials * 15_000);
});
