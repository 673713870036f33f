import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { CoordinatorService } from "../../proto/gen/dispatch/v1/coordinator.js";
import { NodeAgentService } from "../../proto/gen/dispatch/v1/node_agent.js";
import { startServers } from "../testkit/servers/start-servers.js";
import { all, type DynamicClient } from "./dynamic-client.js";
import { reflectedClient } from "./reflected-client.js";

const target = { pane: "idle:0.0" };
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const duration = expect.stringMatching(/^\d+(?:\.\d+)?s$/);
const detection = { targetKind: "TARGET_KIND_AGENT", agentKind: "claude", state: "AGENT_STATE_IDLE", canReceivePrompt: true, agentStarted: "9007199254740993", observedAt: timestamp };
const resolved = { target: "idle:0.0", paneId: "%1", panePid: 4242, active: true };
const steps = (updates: Record<string, unknown>[]): unknown[] => updates.map(({ update }) => (update as { step: string }).step);
const ladder = ["DELIVERY_STEP_ACCEPTED", "DELIVERY_STEP_TYPED", "DELIVERY_STEP_PARKED", "DELIVERY_STEP_SUBMITTED", "DELIVERY_STEP_DELIVERED"];
const delivered = {
  status: "DELIVERY_STATUS_DELIVERED", createdAt: timestamp, evidence: { source: "EVIDENCE_SOURCE_RECORD", recordedAt: timestamp, exact: true },
  options: { onBusy: "ON_BUSY_REFUSE", timeout: duration },
};

/** Each RPC of both services, called by a client that was made from the .proto files. A new RPC without a case fails. */
type Case = (client: DynamicClient) => Promise<void>;

async function deliverOn(client: DynamicClient, method: string, request: object = {}): Promise<Record<string, unknown>> {
  const updates = await all(client.stream(method, { target, prompt: "hello", key: "k1", ...request }));
  expect(steps(updates)).toEqual(ladder);
  const { delivery } = updates.at(-1)!["update"] as { delivery: Record<string, unknown> };
  expect(delivery).toMatchObject({ key: "k1", ...delivered });
  return delivery;
}

const nodeAgent: Record<string, Case> = {
  describe: async (client) => expect(await client.unary("describe", {})).toMatchObject({ machine: "here", contract: "v1", pid: process.pid, startedAt: timestamp, agentKinds: ["claude"] }),
  listTargets: async (client) => expect(await client.unary("listTargets", {})).toMatchObject({ targets: [{ target: resolved, detection }, {}] }),
  detect: async (client) => expect(await client.unary("detect", { target })).toMatchObject({ target: { target: resolved, detection } }),
  deliver: async (client) => void (await deliverOn(client, "deliver")),
  followDelivery: async (client) => {
    await deliverOn(client, "deliver");
    expect(steps(await all(client.stream("followDelivery", { id: "k1" })))).toEqual(ladder);
  },
  cancelDelivery: async (client) => {
    await deliverOn(client, "deliver");
    expect(await client.unary("cancelDelivery", { id: "k1" })).toMatchObject({ delivery: delivered });
  },
  capture: async (client) => expect(await client.unary("capture", { target, lines: 3 })).toMatchObject({ text: "line 1\nline 2\nline 3", lines: 3, capturedAt: timestamp, target: resolved }),
  followCapture: async (client) => expect(await all(client.stream("followCapture", { target, lines: 2 }))).toEqual([{ text: "line\nline\n" }, { gone: true }]),
  readConversation: async (client) => expect(await client.unary("readConversation", { target })).toMatchObject({
    messages: [{ speaker: "SPEAKER_USER", text: "hello", at: {} }, { speaker: "SPEAKER_AGENT", text: "hi" }], sessionId: "s",
  }),
  exec: async (client) => {
    const updates = await all(client.stream("exec", { target, command: "ls", options: { dryRun: true } }));
    expect(steps(updates)).toEqual(["DELIVERY_STEP_ACCEPTED", "DELIVERY_STEP_FINISHED"]);
    expect((updates.at(-1)!["update"] as { delivery: unknown }).delivery).toMatchObject({ kind: "DELIVERY_KIND_EXEC", exec: { allowed: true, code: "allowed_builtin" } });
  },
  pressKey: async (client) => expect(await client.unary("pressKey", { target, keyName: "Escape" })).toMatchObject({ delivery: { kind: "DELIVERY_KIND_KEY", keyName: "Escape" } }),
  listSessions: async (client) => expect(await client.unary("listSessions", { query: "x:1" })).toEqual({ targets: [{ pane: "x:1" }] }),
  watch: async (client) => {
    const stream = client.stream("watch", { target });
    for await (const event of stream) {
      expect(event).toMatchObject({ target: { detection } });
      break;
    }
  },
  getDelivery: async (client) => {
    await deliverOn(client, "deliver");
    expect(await client.unary("getDelivery", { id: "k1" })).toMatchObject({ delivery: { ...delivered, steps: [{ at: timestamp, sequence: 1 }, {}, {}, {}, {}] } });
  },
  listDeliveries: async (client) => {
    await deliverOn(client, "deliver");
    expect(await client.unary("listDeliveries", { status: "DELIVERY_STATUS_DELIVERED", limit: 5 })).toMatchObject({ deliveries: [delivered] });
    expect(await client.unary("listDeliveries", { status: "DELIVERY_STATUS_FAILED" })).toEqual({});
  },
  explain: async (client) => expect(await client.unary("explain", { role: "send", target })).toMatchObject({ decision: { by: "node of here", allowed: true } }),
  listAudit: async (client) => {
    await client.unary("pressKey", { target, keyName: "Escape" });
    expect(await client.unary("listAudit", {})).toMatchObject({ entries: [{ sequence: "2", outcome: "ok" }, { sequence: "1", at: timestamp, rpc: expect.stringMatching(/PressKey$/), outcome: "admitted", hash: expect.stringMatching(/^[0-9a-f]{64}$/) }] });
  },
  verifyAudit: async (client) => expect(await client.unary("verifyAudit", {})).toMatchObject({ verdict: { lastHash: "0".repeat(64) } }),
  updateRevocations: async (client) => expect(await client.unary("updateRevocations", { serials: ["AB"] })).toEqual({}),
  doctor: async (client) => expect(await client.unary("doctor", {})).toEqual({ findings: [{ severity: "SEVERITY_OK", subject: "tmux", detail: "tmux 3.3a" }] }),
};

const coordinator: Record<string, Case> = {
  ...nodeAgent,
  send: async (client) => void (await deliverOn(client, "send")),
  bulkSend: async (client) => {
    const events = await all(client.stream("bulkSend", { targets: [target, { pane: "busy:0.0" }], prompt: "hello", limits: { maxConcurrency: 1, jitter: "0.001s" } }));
    expect(events[0]).toMatchObject({ planned: [target, { pane: "busy:0.0" }] });
    expect(events.filter(({ delivery }) => delivery).map(({ index, delivery }) => [index ?? 0, (delivery as { status: string }).status])).toEqual([[0, "DELIVERY_STATUS_DELIVERED"], [1, "DELIVERY_STATUS_REFUSED"]]);
  },
  followCapture: async (client) => expect(await all(client.stream("followCapture", { target, lines: 1 }))).toEqual([{ capture: { text: "line\n" } }, { capture: { gone: true } }]),
  readConversation: async (client) => expect(await client.unary("readConversation", { target })).toMatchObject({ conversation: { messages: [{ text: "hello" }, { text: "hi" }] } }),
  followDelivery: async (client) => {
    await deliverOn(client, "send");
    expect(steps(await all(client.stream("followDelivery", { id: "k1", waitFor: "WAIT_FOR_FINISHED" })))).toEqual(ladder);
  },
  cancelDelivery: async (client) => {
    await deliverOn(client, "send");
    expect(await client.unary("cancelDelivery", { id: "k1" })).toMatchObject({ delivery: delivered });
  },
  capture: async (client) => expect(await client.unary("capture", { target, lines: 1 })).toMatchObject({ capture: { text: "line 1", capturedAt: timestamp } }),
  getDelivery: async (client) => {
    const { id } = await deliverOn(client, "send");
    expect(await client.unary("getDelivery", { id })).toMatchObject({ delivery: { key: "k1", ...delivered } });
  },
  listDeliveries: async (client) => {
    await deliverOn(client, "send");
    expect(await client.unary("listDeliveries", {})).toMatchObject({ deliveries: [delivered] });
  },
  status: async (client) => {
    await deliverOn(client, "send");
    expect(await client.unary("status", {})).toMatchObject({
      pid: process.pid, startedAt: timestamp, deliveries: { delivered: 1 }, rssBytes: expect.stringMatching(/^\d+$/),
      nodes: [{ machine: "here", healthy: true, tmuxVersion: "3.3a" }],
    });
  },
};
const spec = { name: "later", targets: [target], prompt: "hello", timing: { delay: "3600s" }, timeZone: "UTC" };
const scheduled = { status: "SCHEDULE_STATUS_SCHEDULED", createdAt: timestamp, nextRun: timestamp, promptPreview: "hello" };

async function createSchedule(client: DynamicClient): Promise<string> {
  const { schedule } = (await client.unary("createSchedule", { spec })) as { schedule: { id: string } };
  expect(schedule).toMatchObject({ ...scheduled, nextSlots: [timestamp], spec: { name: "later", prompt: "hello", timing: { at: timestamp }, policy: { overlap: "OVERLAP_POLICY_SKIP", catchUp: "CATCH_UP_POLICY_LAST" } } });
  return schedule.id;
}

Object.assign(coordinator, {
  createSchedule: async (client) => void (await createSchedule(client)),
  getSchedule: async (client) => {
    const id = await createSchedule(client);
    expect(await client.unary("getSchedule", { id: "later" })).toMatchObject({ schedule: { id, ...scheduled } });
  },
  listSchedules: async (client) => {
    const id = await createSchedule(client);
    const { schedules } = (await client.unary("listSchedules", { kind: "schedule" })) as { schedules: { spec: object }[] };
    expect(schedules).toMatchObject([{ id, ...scheduled }]);
    expect(schedules[0]!.spec).not.toHaveProperty("prompt");
    expect(await client.unary("listSchedules", { kind: "loop" })).toEqual({});
  },
  updateSchedule: async (client) => {
    const id = await createSchedule(client);
    expect(await client.unary("updateSchedule", { id, spec: { ...spec, prompt: "goodbye", maxRuns: 5 }, fields: ["prompt"] })).toMatchObject({ schedule: { id, spec: { prompt: "goodbye" } } });
    await expect(client.unary("updateSchedule", { id, spec, fields: ["everything"] })).rejects.toMatchObject({ code: 3 });
  },
  pauseSchedule: async (client) => {
    const id = await createSchedule(client);
    expect(await client.unary("pauseSchedule", { id })).toMatchObject({ schedule: { status: "SCHEDULE_STATUS_PAUSED" } });
    await expect(client.unary("pauseSchedule", { id })).rejects.toMatchObject({ code: 9 });
  },
  resumeSchedule: async (client) => {
    const id = await createSchedule(client);
    await client.unary("pauseSchedule", { id });
    expect(await client.unary("resumeSchedule", { id })).toMatchObject({ schedule: scheduled });
  },
  cancelSchedule: async (client) => expect(await client.unary("cancelSchedule", { id: await createSchedule(client) })).toMatchObject({ schedule: { status: "SCHEDULE_STATUS_CANCELLED" } }),
  deleteSchedule: async (client) => {
    const id = await createSchedule(client);
    expect(await client.unary("deleteSchedule", { id })).toEqual({});
    await expect(client.unary("getSchedule", { id })).rejects.toMatchObject({ code: 5 });
  },
  runNow: async (client) => {
    const id = await createSchedule(client);
    expect(await client.unary("runNow", { id, wait: true })).toMatchObject({ occurrence: { scheduleId: id, slot: timestamp, status: "OCCURRENCE_STATUS_DELIVERED", manual: true, attempts: 1 } });
  },
  listOccurrences: async (client) => {
    const id = await createSchedule(client);
    await client.unary("runNow", { id, wait: true });
    expect(await client.unary("listOccurrences", { id })).toMatchObject({ occurrences: [{ scheduleId: id, status: "OCCURRENCE_STATUS_DELIVERED", targets: [{ status: "DELIVERY_STATUS_DELIVERED", target }] }] });
    expect(await client.unary("listOccurrences", { id, status: "OCCURRENCE_STATUS_FAILED" })).toEqual({});
  },
} satisfies Record<string, Case>);
Object.assign(coordinator, {
  // Without certificates there is no way to another machine.
  registerNode: async (client) => {
    const request = { machine: "far", address: "10.9.8.7:4000", contract: "v1" };
    await expect(client.unary("registerNode", request)).rejects.toMatchObject({ code: 9 });
    await expect(client.unary("registerNode", { ...request, machine: "no/name" })).rejects.toMatchObject({ code: 3 });
    await expect(client.unary("registerNode", { ...request, contract: "v9" })).rejects.toMatchObject({ code: 12 });
  },
  listNodes: async (client) => expect(await client.unary("listNodes", { countAgents: true })).toMatchObject({
    nodes: [{ machine: "here", transport: "unix", source: "NODE_SOURCE_LOCAL", reachable: true, contract: "v1", tmuxVersion: "3.3a", agents: { idle: 1 }, since: timestamp, latency: {} }],
  }),
  drainNode: async (client) => {
    expect(await client.unary("drainNode", { machine: "HERE", drain: true })).toEqual({});
    const refused = all(client.stream("send", { target, prompt: "hello" }));
    await expect(refused).rejects.toMatchObject({ code: 9, details: "here is being drained and takes nothing new." });
    await client.unary("drainNode", { machine: "local", drain: false });
    await deliverOn(client, "send");
  },
  removeNode: async (client) => {
    await expect(client.unary("removeNode", { machine: "here" })).rejects.toMatchObject({ code: 3 });
    await expect(client.unary("removeNode", { machine: "far" })).rejects.toMatchObject({ code: 5 });
  },
} satisfies Record<string, Case>);
const noCa = { code: 9, details: "This coordinator has no certificate authority." };
Object.assign(coordinator, {
  createJoinToken: async (client) => {
    await expect(client.unary("createJoinToken", { kind: "CERTIFICATE_KIND_NODE", address: "hub:7410" })).rejects.toMatchObject(noCa);
    await expect(client.unary("createJoinToken", { kind: "CERTIFICATE_KIND_NODE" })).rejects.toMatchObject({ code: 3 });
    await expect(client.unary("createJoinToken", { kind: "CERTIFICATE_KIND_CLIENT", address: "hub:7410", roles: ["root"] })).rejects.toMatchObject({ code: 3 });
    await expect(client.unary("createJoinToken", { kind: "CERTIFICATE_KIND_COORDINATOR", address: "hub:7410" })).rejects.toMatchObject({ code: 3 });
  },
  // Who stands at the socket has no certificate, and no token.
  enrol: async (client) => await expect(client.unary("enrol", { name: "x", certificateRequest: "" })).rejects.toMatchObject({ code: 7 }),
  renewCertificate: async (client) => await expect(client.unary("renewCertificate", { certificateRequest: "" })).rejects.toMatchObject({ code: 7 }),
  revokeCertificate: async (client) => await expect(client.unary("revokeCertificate", { subject: "node:nobody" })).rejects.toMatchObject({ code: 3 }),
  explain: async (client) => {
    expect(await client.unary("explain", { subject: "client:alice", role: "send", target })).toMatchObject({ decisions: [{ by: "coordinator", why: "client:alice has no grant here" }, { by: "node of here" }] });
    await expect(client.unary("explain", { subject: "alice", role: "send" })).rejects.toMatchObject({ code: 3 });
  },
  listCertificates: async (client) => expect(await client.unary("listCertificates", {})).toEqual({}),
} satisfies Record<string, Case>);
coordinator["watchDeliveries"] = async (client) => {
  const stream = client.stream("watchDeliveries", {});
  const seen = (async () => {
    for await (const { delivery } of stream) if ((delivery as { status: string }).status === "DELIVERY_STATUS_DELIVERED") return delivery;
    return undefined;
  })();
  // Until the stream stands nothing is told; each further delivery is another chance.
  for (let round = 0; round < 20; round++) {
    await all(client.stream("send", { target, prompt: "hello", key: `k${round}` }));
    const first = await Promise.race([seen, new Promise((resolve) => setImmediate(() => resolve("not yet")))]);
    if (first !== "not yet") break;
  }
  expect(await seen).toMatchObject(delivered);
};
delete coordinator["describe"];
delete coordinator["deliver"];
delete coordinator["listSessions"];
delete coordinator["updateRevocations"];

describe.each([
  ["NodeAgent", NodeAgentService, nodeAgent],
  ["Coordinator", CoordinatorService, coordinator],
] as const)("%s, called by a client made from what the server reflects; generated code reads every message in the same way", (name, service, cases) => {
  it("has a case here for every RPC", () => {
    expect(Object.keys(cases).toSorted()).toEqual(Object.keys(service).toSorted());
  });

  it.each(Object.entries(cases))("%s", async (_rpc, run) => {
    const servers = await startServers();
    const { address } = name === "NodeAgent" ? servers.node : servers.coordinator;
    const client = await reflectedClient(address, name, service);
    onTestFinished(() => client.close());
    await run(client);
  });
});

it("the fields of a detection in the contract include all those of the predecessor", () => {
  const proto = readFileSync(new URL("../../proto/dispatch/v1/detection.proto", import.meta.url), "utf8");
  for (const field of ["target_kind", "agent_kind", "composer_state", "can_receive_prompt", "can_queue_prompt", "submit_keys", "recommended_submit_key", "reason", "pane_command", "cwd"]) {
    expect(proto).toMatch(new RegExp(` ${field} = \\d+;`));
  }
});
