import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Delivery, DeliveryUpdate, ExecReport } from "../../core/domain/delivery.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import { newDelivery } from "../../core/domain/new-delivery.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { commandHash } from "../../core/exec/command-hash.js";
import { DispatchClient } from "../../sdk/index.js";
import { startServers, type Servers } from "../testkit/servers/start-servers.js";

const command = "printf sesame";
const target = { machine: "", server: "", pane: "idle" };

type Script = (step: (step: DeliveryUpdate["step"], delivery?: Delivery) => DeliveryUpdate, id: string) => AsyncGenerator<DeliveryUpdate>;

/** A coordinator whose node does what the script says, and a client of it. */
async function scripted(script: Script): Promise<{ servers: Servers; client: DispatchClient; asked: () => number }> {
  const servers = await startServers();
  let asked = 0;
  servers.scripted.exec = ({ deliveryId }) => {
    asked++;
    let sequence = 0;
    return script((step, delivery) => ({ deliveryId, sequence: ++sequence, step, at: new Date(), detail: "", reason: "", ...(delivery && { delivery }) }), deliveryId);
  };
  const client = await DispatchClient.connect({ address: servers.coordinator.address });
  onTestFinished(() => client.close());
  return { servers, client, asked: () => asked };
}

async function last(client: DispatchClient, wait = false): Promise<Delivery> {
  let delivery: Delivery | undefined;
  for await (const update of client.exec({ target, command, wait, timeoutMs: 5_000 })) delivery = update.delivery;
  if (!delivery) throw new Error("the last update carries no delivery");
  return delivery;
}

const report: ExecReport = { commandHash: commandHash(command), allowed: true, code: "allowed_prefix", rule: "printf", sentence: "", interrupt: false, pasteText: command, output: "sesame" };

function done(id: string, status: Delivery["status"]): Delivery {
  return { ...newDelivery({ id, key: id, machine: "here", requestedTarget: "idle", kind: "exec", text: "", options: deliveryOptions({ waitFor: "finished" }), now: new Date() }), status, exec: report };
}

it("the caller gets the output; what is kept is the hash, the code and the rule", async () => {
  const { servers, client } = await scripted(async function* (step, id) {
    yield step("accepted");
    yield step("finished", done(id, "delivered"));
  });
  const delivery = await last(client, true);
  expect(delivery.exec).toMatchObject({ output: "sesame", pasteText: command });
  expect((await client.get(delivery.id)).exec).toMatchObject({ commandHash: report.commandHash, code: "allowed_prefix", rule: "printf", output: "", pasteText: "" });
  await servers.coordinator.close();
  const files = readdirSync(servers.config.dataDir).filter((name) => name.startsWith("coordinator.db"));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(readFileSync(join(servers.config.dataDir, file), "latin1")).not.toContain("sesame");
});

it.each([
  ["before any step", [], "unconfirmed"], ["after the paste", ["accepted", "typed"], "unconfirmed"], ["after the shell took the line", ["accepted", "typed", "submitted", "delivered"], "delivered"],
] as const)("a node that breaks off %s is not asked again", async (_, steps, status) => {
  const { client, asked } = await scripted(async function* (step) {
    for (const each of steps) yield step(each);
    throw new DispatchError("no_answer");
  });
  const delivery = await last(client, true);
  expect(delivery).toMatchObject({ status, reason: "no_answer", exec: { commandHash: report.commandHash } });
  expect(await client.get(delivery.id)).toMatchObject({ status, reason: "no_answer" });
  expect(asked()).toBe(1);
});

it("a node that cannot take it has typed nothing", async () => {
  const { client } = await scripted(() => {
    throw new DispatchError("other_version");
  });
  expect(await last(client)).toMatchObject({ status: "refused", reason: "other_version", detail: expect.stringContaining("Nothing was typed") as string });
});

it("a caller that goes away in the middle changes nothing: the row has the end", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => { release = resolve; });
  const { client } = await scripted(async function* (step, id) {
    yield step("accepted");
    await held;
    yield step("finished", done(id, "delivered"));
  });
  let id = "";
  for await (const update of client.exec({ target, command, wait: true })) {
    id = update.deliveryId;
    break;
  }
  release();
  for (let now = await client.get(id); now.status !== "delivered"; now = await client.get(id)) expect(now.status).toBe("pending");
  expect(await client.get(id)).toMatchObject({ status: "delivered", exec: { code: "allowed_prefix" } });
});
