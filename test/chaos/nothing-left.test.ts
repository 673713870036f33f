import { describe, expect, it } from "vitest";
import { processesNaming } from "../testkit/product/processes-naming.js";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

/** Our clients of the tmux server. */
const clients = (product: Product): Promise<string[]> => product.tmux.run("list-clients", "-F", "#{client_pid}").then((list) => list.split("\n").filter(Boolean));

describe.concurrent("the background process ends", () => {
  it.each([
    ["by `dispatch down`", async (product: Product) => void (await product.dispatch(["down"]))],
    ["by kill -9", async (product: Product) => void product.killDaemon()],
  ])("%s: no process of ours is left, and the tmux server with its agents is as it was", (_how, end) =>
    Product.with({}, async (product) => {
      const agent = await product.agent();
      expect((await product.send(agent.target, "hello")).status).toBe("delivered");
      const before = await clients(product);
      expect(before.length).toBeGreaterThan(0);
      await end(product);
      await eventually(async () => (await clients(product)).length === 0, "the end of our tmux clients");
      await eventually(() => before.every((pid) => !processesNaming(product.tmux.socket).some((process) => process.pid === Number(pid))), "the end of their processes");
      expect(product.daemons()).toEqual([]);
      expect(product.processOf(agent)).toBe(agent.pid);
    }));
});
