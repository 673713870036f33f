import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { DeliveryUpdate } from "../../core/domain/delivery.js";
import { silentLog } from "../../core/log.js";
import { startCoordinator } from "../../coordinator/main.js";
import { DispatchClient, type DeliveryRun, type SendRequest } from "../../sdk/index.js";
import { startServers, type Servers } from "../testkit/servers/start-servers.js";

const secret = "correct horse battery staple";

async function clientOf({ coordinator }: { coordinator: { address: string } }): Promise<DispatchClient> {
  const client = await DispatchClient.connect({ address: coordinator.address });
  onTestFinished(() => client.close());
  return client;
}

const request = (session: string, more: Partial<SendRequest> = {}): SendRequest => ({ target: { machine: "", server: "", pane: session }, prompt: secret, ...more });

async function until(run: DeliveryRun, step: DeliveryUpdate["step"]): Promise<void> {
  for await (const update of run) if (update.step === step) return;
}

/** Every byte that the coordinator keeps on disk. */
function kept({ config }: Servers): string {
  return readdirSync(config.dataDir).filter((name) => name.startsWith("coordinator.db")).map((name) => readFileSync(join(config.dataDir, name), "latin1")).join("");
}

it("the prompt is stored before the node is asked, and dropped once the node has journalled it", async () => {
  const servers = await startServers();
  let keptAtHandOver = "";
  const { deliver } = servers.scripted;
  servers.scripted.deliver = function (...args) {
    keptAtHandOver = kept(servers);
    return deliver.apply(this, args);
  };
  const client = await clientOf(servers);
  expect((await client.send(request("idle"))).status).toBe("delivered");
  expect(keptAtHandOver).toContain(secret);
  await servers.coordinator.close();
  expect(kept(servers)).not.toContain(secret);
});

it("a second request with the same key joins the running delivery: both see every step, and the text is typed once", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const first = client.send(request("hold", { key: "k" }));
  await until(first, "waiting");
  const second = client.send(request("hold", { key: "k", waitFor: "delivered", timeoutMs: 5_000 }));
  await until(second, "waiting");
  servers.scripted.release();
  const [one, two] = await Promise.all([first, second]);
  expect(two).toEqual(one);
  expect(servers.scripted.typed).toHaveLength(1);
});

it("ten at once with one key are one delivery", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const deliveries = await Promise.all(Array.from({ length: 10 }, () => client.send(request("idle", { key: "k" }))));
  expect(new Set(deliveries.map(({ id }) => id)).size).toBe(1);
  expect(servers.scripted.typed).toHaveLength(1);
});

it("the same key after the end replays every step", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const first = await client.send(request("idle", { key: "k" }));
  const replayed: string[] = [];
  const again = client.send(request("idle", { key: "k" }));
  for await (const update of again) replayed.push(update.step);
  expect(replayed).toEqual(first.steps.map(({ step }) => step));
  expect(await again).toEqual(first);
  expect(servers.scripted.typed).toHaveLength(1);
});

it.each([
  ["prompt", { prompt: "another" }], ["target", { target: { machine: "", server: "", pane: "idle:1.1" } }], ["--command", { command: true }], ["--no-submit", { noSubmit: true }],
] as const)("the same key with another %s is a conflict, and nothing is typed for it", async (_what, change) => {
  const servers = await startServers();
  const client = await clientOf(servers);
  await client.send(request("idle", { key: "k" }));
  await expect(client.send({ ...request("idle", { key: "k" }), ...change })).rejects.toMatchObject({ reason: "key_conflict" });
  expect(servers.scripted.typed).toHaveLength(1);
});

it("a dry run claims no key", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  expect((await client.send(request("idle", { key: "k", dryRun: true }))).status).toBe("dry_run");
  expect(await client.send(request("idle", { key: "k" }))).toMatchObject({ status: "delivered", key: "k" });
  expect(servers.scripted.typed).toHaveLength(1);
});

it("a caller that hangs up does not end the delivery", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const stop = new AbortController();
  const run = client.send(request("hold", { key: "k", signal: stop.signal }));
  await until(run, "waiting");
  stop.abort();
  await expect(run).rejects.toMatchObject({ reason: "interrupted" });
  const joined = client.send(request("hold", { key: "k" }));
  await until(joined, "waiting");
  servers.scripted.release();
  expect((await joined).status).toBe("delivered");
});

it("cancel stops what was not typed yet, and says when it is too late", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const held = client.send(request("hold", { key: "k" }));
  await until(held, "waiting");
  expect(await client.cancel("k")).toMatchObject({ cancelled: true, delivery: { status: "cancelled" } });
  expect((await held).status).toBe("cancelled");
  await client.send(request("idle", { key: "l" }));
  expect(await client.cancel("l")).toMatchObject({ cancelled: false, delivery: { status: "delivered" } });
  expect(servers.scripted.typed).toHaveLength(1);
});

it("queued is told at once and followed to its end behind the caller's back", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  expect((await client.send(request("queued", { key: "k", onBusy: "queue" }))).status).toBe("queued");
  const followed = client.send(request("queued", { key: "k", onBusy: "queue", waitFor: "finished" }));
  await until(followed, "queued");
  servers.scripted.release();
  expect((await followed).status).toBe("delivered");
  expect(await client.get("k")).toMatchObject({ status: "delivered", steps: expect.arrayContaining([expect.objectContaining({ step: "queued" })]) });
});

it("a coordinator that comes back takes up what it left, by asking the node, and types nothing again", async () => {
  const servers = await startServers();
  const before = await clientOf(servers);
  const run = before.send(request("hold", { key: "k" }));
  await until(run, "waiting");
  run.then(undefined, () => undefined);
  await servers.coordinator.close();
  const coordinator = await startCoordinator(servers.config, silentLog);
  onTestFinished(() => coordinator.close());
  const client = await clientOf({ coordinator });
  const joined = client.send(request("hold", { key: "k" }));
  await until(joined, "waiting");
  servers.scripted.release();
  expect((await joined).status).toBe("delivered");
  expect(servers.scripted.typed).toHaveLength(1);
});

it("a node that cannot be reached: refused, nothing typed", async () => {
  const servers = await startServers();
  await servers.node.close();
  const client = await clientOf(servers);
  const delivery = await client.send(request("idle", { timeoutMs: 1_000 }));
  expect(delivery).toMatchObject({ status: "refused", reason: "node_unreachable" });
});

it("an error of the node before it journalled: failed, with no word of the inside", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const delivery = await client.send(request("broken", { timeoutMs: 1_000 }));
  expect(delivery).toMatchObject({ status: "failed", reason: "internal" });
  expect(JSON.stringify(delivery, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value))).not.toContain("secret of the inside");
});

it("the time that was left is what the node gets", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const { options } = await client.send(request("idle", { timeoutMs: 7_000 }));
  expect(options.timeoutMs).toBe(7_000);
  const [inNode] = await servers.scripted.listDeliveries({ limit: 1 });
  expect(inNode!.options.timeoutMs).toBeGreaterThan(5_000);
  expect(inNode!.options.timeoutMs).toBeLessThanOrEqual(7_000);
});

it.each(["get", "cancel"] as const)("%s of an unknown id is delivery_not_found", async (verb) => {
  const client = await clientOf(await startServers());
  await expect(client[verb]("nope")).rejects.toMatchObject({ reason: "delivery_not_found" });
});

it("a machine that is not known is refused before anything is stored", async () => {
  const client = await clientOf(await startServers());
  await expect(client.send({ ...request("idle"), target: "elsewhere/idle:0.0" })).rejects.toMatchObject({ reason: "unknown_machine" });
  expect(await client.list()).toEqual([]);
});

it("a prompt of a mebibyte goes through whole", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const prompt = "é".repeat(512 * 1024);
  expect(await client.send(request("idle", { prompt }))).toMatchObject({ status: "delivered", promptBytes: 1024 * 1024 });
});

it("closing does not wait for a node that does not come back", async () => {
  const servers = await startServers();
  const client = await clientOf(servers);
  const run = client.send(request("hold", { key: "k" }));
  await until(run, "waiting");
  run.then(undefined, () => undefined);
  await servers.node.close();
  const before = performance.now();
  await servers.coordinator.close();
  expect(performance.now() - before).toBeLessThan(5_000);
});
