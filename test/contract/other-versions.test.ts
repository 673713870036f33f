import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../core/clock.js";
import { deliveryOptions } from "../../core/domain/delivery-options.js";
import { NodeClient } from "../../coordinator/nodes/node-client.js";
import { startServers } from "../testkit/servers/start-servers.js";
import { all, contractIn, dynamicClient, firstContract, protoFolder, type DynamicClient } from "./dynamic-client.js";

const target = { pane: "idle:0.0" };
const soon = (): { deadline: Date } => ({ deadline: new Date(systemClock.now().getTime() + 5_000) });

/** A later minor version: every message has a field more, every enum a value more, every service a method more. */
function laterContract(): PackageDefinition {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-later-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(protoFolder, "dispatch"), join(folder, "dispatch"), { recursive: true });
  cpSync(join(protoFolder, "google"), join(folder, "google"), { recursive: true });
  for (const name of readdirSync(join(folder, "dispatch", "v1"))) {
    const file = join(folder, "dispatch", "v1", name);
    const text = readFileSync(file, "utf8")
      .replace(/^message (\w+) \{(\}?)/gm, (_all, message: string, end: string) => `message ${message} {\n  string from_later = 900;\n${end}`)
      .replace(/^enum (\w+) \{/gm, (begin, word: string) => `${begin}\n  ${word.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase()}_FROM_LATER = 900;`)
      // proto3 wants the zero first.
      .replace(/(\n {2}\w+_FROM_LATER = 900;)((?:\n\s*\/\/.*)*\n {2}\w+ = 0;)/g, "$2$1")
      .replace(/^service (\w+) \{/gm, (begin) => `${begin}\n  rpc FromLater(DescribeRequest) returns (DescribeResponse);`);
    writeFileSync(file, name === "coordinator.proto" ? text.replace(/rpc FromLater.*/, "") : text);
  }
  return contractIn(folder);
}

async function client(service: "NodeAgent" | "Coordinator", definition: PackageDefinition): Promise<DynamicClient> {
  const servers = await startServers();
  const made = dynamicClient(service === "NodeAgent" ? servers.node.address : servers.coordinator.address, service, definition);
  onTestFinished(() => made.close());
  return made;
}

it.each([["the first", firstContract], ["a later", laterContract]])("a client of %s version of the contract sends, looks up and lists", async (_which, definition) => {
  const coordinator = await client("Coordinator", definition());
  const updates = await all(coordinator.stream("send", { target, prompt: "hello", key: "k", fromLater: "x", options: { fromLater: "y" } }));
  expect(updates.at(-1)).toMatchObject({ update: { step: "DELIVERY_STEP_DELIVERED", delivery: { key: "k", status: "DELIVERY_STATUS_DELIVERED", evidence: { source: "EVIDENCE_SOURCE_RECORD" } } } });
  expect(await coordinator.unary("getDelivery", { id: "k", fromLater: "x" })).toMatchObject({ delivery: { status: "DELIVERY_STATUS_DELIVERED" } });
  expect(await coordinator.unary("listTargets", {})).toMatchObject({ targets: [{ detection: { state: "AGENT_STATE_IDLE" } }, {}] });
  expect(await coordinator.unary("status", {})).toMatchObject({ nodes: [{ machine: "here", healthy: true }] });
});

it.each([["the first", firstContract], ["a later", laterContract]])("a coordinator of %s version of the contract hands over to a node of ours", async (_which, definition) => {
  const node = await client("NodeAgent", definition());
  expect(await node.unary("describe", {})).toMatchObject({ contract: "v1", machine: "here" });
  // A contract that is read from descriptors has the names of the .proto files.
  const updates = await all(node.stream("deliver", { deliveryId: "d1", delivery_id: "d1", key: "k", target, prompt: "hello", fromLater: "x" }));
  expect(updates.at(-1)).toMatchObject({ update: { delivery: { id: "d1", status: "DELIVERY_STATUS_DELIVERED" } } });
});

it("words of a later version that this one does not know are taken for the most careful that it does", async () => {
  const coordinator = await client("Coordinator", laterContract());
  const updates = await all(coordinator.stream("send", { target: { pane: "busy:0.0" }, prompt: "hello", key: "k", options: { onBusy: "ON_BUSY_FROM_LATER", onDraft: "ON_DRAFT_FROM_LATER", waitFor: "WAIT_FOR_FROM_LATER" } }));
  expect(updates.at(-1)).toMatchObject({ update: { delivery: { status: "DELIVERY_STATUS_REFUSED", reason: "REASON_AGENT_BUSY" } } });
});

/** A node of another version: what it answers, by method. */
async function nodeOf(definition: PackageDefinition, service: string, implementation: UntypedServiceImplementation): Promise<NodeClient> {
  const server = new Server();
  server.addService(definition[service] as never, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  const node = new NodeClient("other", `127.0.0.1:${port}`);
  onTestFinished(() => {
    node.close();
    server.forceShutdown();
  });
  return node;
}

type Respond = (error: null, value: unknown) => void;

it("a node of a later version: what it knows beyond us is unknown, and nothing is taken for delivered", async () => {
  const node = await nodeOf(laterContract(), "dispatch.v1.NodeAgent", {
    listTargets: (_call: unknown, respond: Respond) => respond(null, { targets: [{ target: { target: "w:0.0", paneId: "%1" }, detection: { state: "AGENT_STATE_FROM_LATER", canReceivePrompt: true, fromLater: "x" } }] }),
    deliver: (call: { write(value: unknown): void; end(): void }) => {
      call.write({ update: { deliveryId: "d", step: "DELIVERY_STEP_FROM_LATER", delivery: { id: "d", status: "DELIVERY_STATUS_FROM_LATER", reason: "REASON_FROM_LATER" } } });
      call.end();
    },
  });
  expect(await node.listTargets("", soon())).toMatchObject([{ detection: { state: "unknown" } }]);
  const updates = [];
  for await (const update of node.deliver({ deliveryId: "d", key: "k", address: { machine: "", server: "", pane: "w:0.0" }, prompt: "x", options: deliveryOptions({}) }, soon())) updates.push(update);
  expect(updates).toMatchObject([{ step: "waiting", delivery: { status: "pending" } }]);
});

it("a node of another major version does not talk, and says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-v2-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(protoFolder, "dispatch"), join(folder, "dispatch"), { recursive: true });
  cpSync(join(protoFolder, "google"), join(folder, "google"), { recursive: true });
  for (const name of readdirSync(join(folder, "dispatch", "v1"))) {
    const file = join(folder, "dispatch", "v1", name);
    writeFileSync(file, readFileSync(file, "utf8").replace("package dispatch.v1;", "package dispatch.v2;"));
  }
  const node = await nodeOf(contractIn(folder), "dispatch.v2.NodeAgent", {});
  await expect(node.describe(soon())).rejects.toMatchObject({ reason: "other_version" });
  const { coordinator } = await startServers();
  const registering = dynamicClient(coordinator.address, "Coordinator");
  onTestFinished(() => registering.close());
  await expect(registering.unary("registerNode", { machine: "far", address: "127.0.0.1:1", version: "9.0.0", contract: "v2" })).rejects.toMatchObject({ details: expect.stringContaining("speaks the contract v2, this coordinator v1") });
});
