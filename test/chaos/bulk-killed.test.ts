import { expect, it } from "vitest";
import { Product } from "../testkit/product/product.js";

interface Line {
  readonly event: string;
  readonly index?: number;
  readonly step?: string;
  readonly status?: string;
  readonly detail?: string;
}

it("the background process is killed in the middle of a bulk: each target's result is what became of it", () =>
  Product.with({}, async (product) => {
    const agents = [await product.agent({ settings: { recordDelayMs: 600 } }), await product.agent({ settings: { recordDelayMs: 600 } }), await product.agent()];
    const to = agents.map(({ target }) => target).join(",");
    const child = product.spawn(["send", "--server", product.tmux.socket, "--to", to, "--events", "--key", "b", "--max-concurrency", "2"], "hello all");
    const lines: Line[] = [];
    let [rest, killed] = ["", false];
    for await (const chunk of child.stdout!) {
      const parts = (rest + String(chunk)).split("\n");
      rest = parts.pop()!;
      for (const part of parts) {
        lines.push(JSON.parse(part) as Line);
        // The first two have their key; the third waits for its turn.
        if (!killed && lines.filter(({ step }) => step === "submitted").length === 2) killed = product.killDaemon();
      }
    }
    expect(killed).toBe(true);
    const results = lines.filter(({ event, index }) => event === "result" && index !== undefined);
    expect(results.map(({ index, status }) => [index, status]).toSorted()).toEqual([[0, "delivered"], [1, "delivered"], [2, "cancelled"]]);
    expect(results.find(({ index }) => index === 2)?.detail).toBe("Not started; nothing was typed.");
    expect(await Promise.all(agents.map((agent) => agent.submitted()))).toEqual([["hello all"], ["hello all"], []]);
    // The same key goes on where it stopped.
    const again = await product.dispatch(["send", "--server", product.tmux.socket, "--to", to, "--json", "--key", "b"], "hello all");
    expect(JSON.parse(again.stdout)).toMatchObject({ requested: 3, delivered: 3 });
    expect(await Promise.all(agents.map((agent) => agent.submitted()))).toEqual([["hello all"], ["hello all"], ["hello all"]]);
  }));
