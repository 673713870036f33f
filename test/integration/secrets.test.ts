import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { processesNaming } from "../testkit/product/processes-naming.js";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

let product: Product;
beforeAll(async () => {
  product = await Product.create({ keyDelayMs: 200 });
});

/** Every file and folder below. */
function everything(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return isThere(() => lstatSync(path).isDirectory()) ? [path, ...everything(path)] : [path];
  });
}

/** A paste file may go between being listed and being looked at: then nothing is in it. */
function isThere(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

const filesWith = (text: string, of = product): string[] => everything(of.dataDir).filter((path) => isThere(() => lstatSync(path).isFile() && readFileSync(path).includes(text)));
const secret = (name: string): string => `secret-${name}-${Math.random().toString(36).slice(2)}`;

describe.concurrent("a prompt", () => {
  it("is in no argument and no environment of any process while it is sent", async () => {
    const agent = await product.agent({ settings: { echoDelayMs: 100, recordDelayMs: 100 } });
    const text = secret("argv");
    const sending = product.sending(agent.target, text, "--wait", "finished");
    let looks = 0;
    while (sending.child.exitCode === null) {
      expect(processesNaming(text)).toEqual([]);
      looks++;
      await new Promise(setImmediate);
    }
    expect((await sending.outcome).status).toBe("delivered");
    expect(looks).toBeGreaterThan(10);
    expect(await agent.submitted()).toEqual([text]);
  });

  it.each([
    ["delivered", {}, []], ["refused", { dialog: "May I?" }, []], ["withdrawn", { hold: true }, ["--queue"]], ["cancelled", { hold: true }, ["--when-idle"]],
  ] as const)("that was %s is nowhere in the state folder afterwards, nor in tmux", async (status, settings, flags) => {
    const agent = await product.agent();
    await agent.control(settings);
    if ("hold" in settings) await product.tmux.run("send-keys", "-t", agent.paneId, "before", "Enter");
    const text = secret(status);
    const sending = product.sending(agent.target, text, "--key", text.toUpperCase(), ...flags);
    if (status === "withdrawn") {
      await sending.saw("queued");
      expect(filesWith(text)).not.toEqual([]);
      await agent.control({ dropQueued: true });
    }
    if (status === "cancelled") {
      await sending.saw("waiting");
      await product.dispatch(["cancel", text.toUpperCase()]);
    }
    await sending.outcome;
    expect((await product.ended(text.toUpperCase())).status).toBe(status);
    await eventually(() => filesWith(text).length === 0, `no file with it: ${filesWith(text).join(" ")}`, 3_000);
    expect(await product.tmux.run("list-buffers", "-F", "#{buffer_sample}")).not.toContain(text);
    expect(await product.tmux.run("show-messages")).not.toContain(text);
    expect(readFileSync(join(product.dataDir, "daemon.log"), "utf8")).not.toContain(text);
  });

  it("that was unconfirmed is kept, since its proof may come late, and is let go of then", async () => {
    const agent = await product.agent({ settings: { noRecord: true } });
    const text = secret("late");
    expect((await product.send(agent.target, text, "--timeout", "5s", "--key", "LATE")).status).toBe("unconfirmed");
    await agent.recordLate(text);
    expect(filesWith(text)).not.toEqual([]);
    expect((await product.show("LATE")).status).toBe("delivered");
    await eventually(() => filesWith(text).length === 0, `no file with it: ${filesWith(text).join(" ")}`, 3_000);
  });

  it("of a process that was killed is gone from its files once it was delivered", () =>
    Product.with({}, async (own) => {
      const agent = await own.agent({ settings: { recordDelayMs: 500 } });
      const text = secret("killed");
      const sending = own.sending(agent.target, text);
      await sending.saw("submitted");
      own.killDaemon();
      expect((await sending.outcome).status).toBe("delivered");
      await eventually(() => filesWith(text, own).length === 0, "no file with it", 3_000);
    }));

  it("in a paste file that a killed process left is gone with the next start", () =>
    Product.with({}, async (own) => {
      mkdirSync(join(own.dataDir, "paste"), { recursive: true, mode: 0o700 });
      writeFileSync(join(own.dataDir, "paste", "dispatch-0123456789abcdef"), "a prompt", { mode: 0o600 });
      await own.dispatch(["up"]);
      expect(readdirSync(join(own.dataDir, "paste"))).toEqual([]);
    }));
});

it("nothing of any prompt is left in tmux or among the paste files", async () => {
  expect(await product.tmux.run("list-buffers", "-F", "#{buffer_name}")).toBe("");
  expect(readdirSync(join(product.dataDir, "paste"))).toEqual([]);
});

it("the state folder is for its owner alone, with everything in it", async () => {
  const agent = await product.agent();
  await product.send(agent.target, "hello");
  const modes = [product.dataDir, ...everything(product.dataDir)].map((path) => [path, lstatSync(path).mode & 0o777] as const);
  expect(modes.length).toBeGreaterThan(5);
  expect(modes.filter(([, mode]) => mode & 0o077)).toEqual([]);
});
