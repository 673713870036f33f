import { Metadata } from "@grpc/grpc-js";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect as connectTcp, createServer, type AddressInfo } from "node:net";
import { connect as connectTls } from "node:tls";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock, type Clock } from "../../core/clock.js";
import type { Role } from "../../core/domain/principal.js";
import { loadAuthority } from "../../core/pki/authority-files.js";
import { CertificateAuthority, createRequest } from "../../core/pki/certificate-authority.js";
import { loadIdentity, type Credentials } from "../../core/pki/identity-store.js";
import type { CertificateKind } from "../../core/pki/identity.js";
import { remoteChannelOptions } from "../../core/transport/channel-options.js";
import { IdentityProvider } from "../../core/transport/identity-provider.js";
import { tlsCredentials } from "../../core/transport/tls-credentials.js";
import { CoordinatorClient } from "../../proto/gen/dispatch/v1/coordinator.js";
import { NodeAgentClient } from "../../proto/gen/dispatch/v1/node_agent.js";
import { Product, type TestAgent } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

interface AuditRow {
  readonly sequence: number;
  readonly subject: string;
  readonly caller: string;
  readonly rpc: string;
  readonly target: string;
  readonly outcome: string;
  readonly detail: string;
}

interface HostileCall {
  readonly name: string;
  /** Whose audit log has it. */
  readonly at: "hub" | "spark01";
  /** What its entry says, in `caller: rpc: outcome: detail`. */
  readonly audited: RegExp;
  /** Rejects, or ends without having got anywhere. */
  call(): Promise<unknown>;
}

const local = "127.0.0.1";
let [hub, spark]: Product[] = [];
let agent: TestAgent;
let authority: CertificateAuthority;
let [hubPort, sparkPort] = [0, 0];
let joinToken = "";
const opened: { close(): void }[] = [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, local);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function ok(product: Product, args: readonly string[], stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await product.dispatch(args, stdin);
  if (code !== 0) throw new Error(`dispatch ${args.join(" ")}: exit ${code}: ${stdout}${stderr}`);
  return stdout;
}

const nodeRows = async (): Promise<{ machine: string; reachable: boolean }[]> => JSON.parse(await ok(hub!, ["nodes", "--json"])) as { machine: string; reachable: boolean }[];

beforeAll(async () => {
  [hubPort, sparkPort] = [await freePort(), await freePort()];
  hub = await Product.create({ config: { machine: "hub", coordinatorListen: `${local}:${hubPort}` } });
  spark = await Product.create({ config: { machine: "spark01", nodeListen: `${local}:${sparkPort}` } });
  await ok(hub, ["ca", "init"]);
  await ok(hub, ["up"]);
  joinToken = await ok(hub, ["node", "token", "--name", "spark01"]);
  await ok(spark, ["join", "-", "--name", "spark01"], joinToken);
  await ok(spark, ["up"]);
  await eventually(async () => (await nodeRows()).some(({ machine, reachable }) => machine === "spark01" && reachable), "spark01 to be up", 15_000);
  agent = await spark.agent({ settings: { turnMs: 20 } });
  authority = await loadAuthority(hub.dataDir, systemClock);
}, 60_000);

afterAll(() => {
  for (const one of opened) one.close();
});

/** Credentials of the fleet's own CA, at another time where one is given. */
async function issue(kind: CertificateKind, name: string, roles: Role[] = [], { by = authority, lifeMs = 86_400_000 }: { by?: CertificateAuthority; lifeMs?: number } = {}): Promise<Credentials> {
  const { key, request } = await createRequest(name);
  return { key, certificate: await by.issue({ identity: { kind, name, roles }, request, lifeMs }), authority: authority.certificate };
}

function coordinatorAs(own: Credentials): CoordinatorClient {
  const client = new CoordinatorClient(`${local}:${hubPort}`, tlsCredentials(new IdentityProvider(own), { fleet: authority.fleet, kind: "coordinator" }), { ...remoteChannelOptions, "grpc.max_send_message_length": -1 });
  opened.push(client);
  return client;
}

function nodeAs(own: Credentials): NodeAgentClient {
  const client = new NodeAgentClient(`${local}:${sparkPort}`, tlsCredentials(new IdentityProvider(own), { fleet: authority.fleet, kind: "node" }), remoteChannelOptions);
  opened.push(client);
  return client;
}

/** Calls any method of a client to its end. */
function invoke(client: CoordinatorClient | NodeAgentClient, method: string, request: object, metadata = new Metadata()): Promise<unknown> {
  const definition = (client as unknown as Record<string, { requestStream: boolean; responseStream: boolean; path: string; requestSerialize: (value: unknown) => Buffer; responseDeserialize: (bytes: Buffer) => unknown }>)[method];
  if (!definition) throw new Error(`no method ${method}`);
  const full = new Proxy(request, { get: (target, key) => Reflect.get(target, key) ?? (["serials", "roles", "aliases", "targets", "fields"].includes(String(key)) ? [] : undefined) });
  return new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + 25_000 };
    if (!definition.responseStream) {
      client.makeUnaryRequest(definition.path, definition.requestSerialize, definition.responseDeserialize, full, metadata, options, (error, value) => (error ? reject(error) : resolve(value)));
      return;
    }
    const stream = client.makeServerStreamRequest(definition.path, definition.requestSerialize, definition.responseDeserialize, full, metadata, options);
    const got: unknown[] = [];
    stream.on("data", (one: unknown) => got.push(one));
    stream.on("error", reject);
    stream.on("end", () => resolve(got));
  });
}

/** Bytes to a port; resolves when the other end has closed. */
async function raw(port: number, bytes: string): Promise<void> {
  const socket = connectTcp(port, local);
  socket.on("error", () => undefined);
  socket.write(bytes);
  socket.resume();
  await once(socket, "close");
}

async function handshake(port: number, own: Partial<Credentials> & { maxVersion?: "TLSv1.2" }): Promise<void> {
  const socket = connectTls({ port, host: local, key: own.key, cert: own.certificate, rejectUnauthorized: false, ALPNProtocols: ["h2"], ...(own.maxVersion && { minVersion: own.maxVersion, maxVersion: own.maxVersion }) });
  socket.on("error", () => undefined);
  socket.resume();
  await once(socket, "close");
}

/** A call whose request never comes. */
async function silent(own: Credentials): Promise<void> {
  const session = connectHttp2(`https://${local}:${hubPort}`, { key: own.key, cert: own.certificate, rejectUnauthorized: false, minVersion: "TLSv1.3" });
  const stream = session.request({ ":method": "POST", ":path": "/dispatch.v1.Coordinator/Send", "content-type": "application/grpc", te: "trailers" });
  stream.on("error", () => undefined);
  stream.resume();
  await once(stream, "end");
  session.close();
}

/** A megabyte that says it is a gigabyte of zeros. */
async function inflating(own: Credentials): Promise<void> {
  const session = connectHttp2(`https://${local}:${hubPort}`, { key: own.key, cert: own.certificate, rejectUnauthorized: false, minVersion: "TLSv1.3" });
  const stream = session.request({ ":method": "POST", ":path": "/dispatch.v1.Coordinator/Send", "content-type": "application/grpc", "grpc-encoding": "gzip", te: "trailers" });
  const packed = gzipSync(Buffer.alloc(2 ** 30));
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32BE(packed.length, 1);
  stream.on("error", () => undefined);
  stream.resume();
  stream.end(Buffer.concat([head, packed]));
  await once(stream, "close");
  session.close();
}

async function hostileCalls(): Promise<HostileCall[]> {
  const far: Clock = { ...systemClock, now: () => new Date(Date.now() + 40 * 86_400_000) };
  const { authority: otherCa } = await CertificateAuthority.create("other", systemClock);
  const futureCa = await loadAuthority(hub!.dataDir, far);
  const watcher = await issue("client", "watcher", ["observe"]);
  const sender = await issue("client", "sender", ["send"]);
  const node = await issue("node", "spark01");
  const neighbour = await issue("node", "spark02");
  const joiner = await issue("joiner", "forged-token-id");
  const gone = await joined("gone", "admin");
  const connections: HostileCall[] = (["hub", "spark01"] as const).flatMap((at) => {
    const port = (): number => (at === "hub" ? hubPort : sparkPort);
    return [
      { name: "plain text", audited: /no TLS|TLS/, call: () => raw(port(), "hello, is there a shell?\r\n\r\n") },
      { name: "HTTP/1 request", audited: /TLS/, call: () => raw(port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n") },
      { name: "gRPC without TLS", audited: /TLS/, call: () => raw(port(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") },
      { name: "no certificate", audited: /no certificate was shown/, call: () => handshake(port(), {}) },
      { name: "certificate of another CA", audited: /another CA/, call: async () => handshake(port(), await issue("coordinator", "hub", ["admin"], { by: otherCa })) },
      { name: "certificate that has expired", audited: /has expired/, call: async () => handshake(port(), await issue("client", "old", ["admin"], { lifeMs: -1000 })) },
      { name: "certificate that is not valid yet", audited: /not valid yet/, call: async () => handshake(port(), await issue("client", "early", ["admin"], { by: futureCa })) },
      { name: "TLS 1.2", audited: /older version of TLS/, call: async () => handshake(port(), { ...sender, maxVersion: "TLSv1.2" }) },
    ].map((one) => ({ ...one, name: `${one.name} (${at})`, at }));
  });
  const target = { machine: "spark01", server: spark!.tmux.socket, pane: agent.target };
  const asWatcher: [string, object][] = [
    ["Send", { target, prompt: "x", key: "h1" }], ["BulkSend", { targets: [target], prompt: "x" }], ["PressKey", { target, keyName: "Enter" }], ["Exec", { target, command: "id" }], ["CancelDelivery", { id: "h1" }],
    ["CreateSchedule", {}], ["UpdateSchedule", { id: "x" }], ["PauseSchedule", { id: "x" }], ["ResumeSchedule", { id: "x" }], ["CancelSchedule", { id: "x" }], ["DeleteSchedule", { id: "x" }], ["RunNow", { id: "x" }],
    ["DrainNode", { machine: "spark01", drain: true }], ["RemoveNode", { machine: "spark01" }], ["CreateJoinToken", {}], ["RevokeCertificate", { subject: "node:spark01" }], ["ListCertificates", {}],
    ["ListAudit", {}], ["VerifyAudit", {}], ["Explain", { subject: "client:watcher", role: "admin" }], ["RegisterNode", { machine: "spark01", address: "127.0.0.1:1" }], ["Enrol", { name: "watcher" }],
  ];
  const watching = coordinatorAs(watcher);
  const roles = asWatcher.map(([method, request]): HostileCall => ({
    name: `${method} by one who may only look`, at: "hub", audited: new RegExp(`client:watcher: /dispatch.v1.Coordinator/${method}: denied`), call: () => invoke(watching, method[0]!.toLowerCase() + method.slice(1), request),
  }));
  const direct = nodeAs(watcher);
  const past = (["Deliver", "PressKey", "Exec", "CancelDelivery", "UpdateRevocations", "ListAudit", "Explain"] as const).map((method): HostileCall => ({
    name: `${method} past the coordinator`, at: "spark01", audited: new RegExp(`client:watcher: /dispatch.v1.NodeAgent/${method}: denied`), call: () => invoke(direct, method[0]!.toLowerCase() + method.slice(1), { target, prompt: "x", keyName: "Enter", command: "id", id: "x", role: "admin" }),
  }));
  const behalf = new Metadata();
  behalf.set("dispatch-behalf-of", Buffer.from(JSON.stringify({ kind: "client", name: "boss", grants: [{ roles: ["admin"] }] })).toString("base64url"));
  const nonsense = new Metadata();
  nonsense.set("dispatch-behalf-of", "{}");
  const sending = coordinatorAs(sender);
  const sendTo = (pane: string, more: object = {}): HostileCall => ({
    name: `send to ${JSON.stringify({ pane, ...more })}`, at: "hub", audited: new RegExp(`client:sender: .*/Send: (?!admitted).*spark01/${escaped(pane)}$`, "s"), call: async () => refusedSend(await invoke(sending, "send", { target: { ...target, pane, ...more }, prompt: "hostile", key: `to-${pane}` })),
  });
  return [
    ...connections, ...roles, ...past,
    { name: "for somebody else, to the coordinator", at: "hub", audited: /: denied: policy_denied|may not call for somebody else/, call: () => invoke(watching, "send", { target, prompt: "x", key: "h2" }, behalf) },
    { name: "for somebody else, to the node", at: "spark01", audited: /: denied/, call: () => invoke(direct, "deliver", { target, prompt: "x", key: "h3", deliveryId: "d" }, behalf) },
    { name: "for somebody in no known form", at: "spark01", audited: /: denied/, call: () => invoke(direct, "deliver", { target, prompt: "x" }, nonsense) },
    { name: "a node that speaks for another machine", at: "hub", audited: /node:spark01: \/dispatch.v1.Coordinator\/RegisterNode: policy_denied/, call: () => invoke(coordinatorAs(node), "registerNode", { machine: "hub", address: "127.0.0.1:1", contract: "v1" }) },
    // The coordinator would go there with its user's own keys, or to a socket of its own machine.
    ...["ssh://root@localhost:22", "unix:/tmp/x:1", "0.0.0.0:7411", "[::]:7411", "dns:///localhost:1", "-oProxyCommand=id:22/"].map((address): HostileCall => (
      { name: `a node that says it is at ${address}`, at: "hub", audited: /node:spark01: \/dispatch.v1.Coordinator\/RegisterNode: invalid_argument/, call: () => invoke(coordinatorAs(node), "registerNode", { machine: "spark01", address, contract: "v1" }) })),
    ...[["local"], ["hub"], ["*"], ["a/b"], Array.from({ length: 20_000 }, (_, index) => `alias${index}`)].map((aliases): HostileCall => (
      { name: `a node that says it is ${aliases[0]} too`, at: "hub", audited: /node:spark01: \/dispatch.v1.Coordinator\/RegisterNode: invalid_argument/, call: () => invoke(coordinatorAs(node), "registerNode", { machine: "spark01", aliases, address: `127.0.0.1:${sparkPort}`, contract: "v1" }) })),
    { name: "a node for a machine beside it", at: "spark01", audited: /node:spark02: \/dispatch.v1.NodeAgent\/Deliver: denied/, call: () => invoke(nodeAs(neighbour), "deliver", { target, prompt: "x", key: "n1", deliveryId: "d" }) },
    { name: "a node for a machine beside it, for somebody else", at: "spark01", audited: /: denied: policy_denied/, call: () => invoke(nodeAs(neighbour), "deliver", { target, prompt: "x", key: "n2", deliveryId: "d" }, behalf) },
    { name: "a token at a node", at: "spark01", audited: /joiner:forged-token-id: \/dispatch.v1.NodeAgent\/Deliver: denied/, call: () => invoke(nodeAs(joiner), "deliver", { target, prompt: "x", key: "n3", deliveryId: "d" }) },
    { name: "a key that is a book", at: "hub", audited: /client:sender: .*Send: invalid_argument/, call: () => invoke(sending, "send", { target, prompt: "x", key: "k".repeat(1_000_000) }) },
    { name: "a bulk for 200,000 targets", at: "hub", audited: /client:sender: .*BulkSend: invalid_argument/, call: () => invoke(sending, "bulkSend", { prompt: "x", targets: Array.from({ length: 200_000 }, (_, index) => ({ machine: "spark01", server: "", pane: `p${index}` })) }) },
    { name: "a message that grows to a gigabyte", at: "hub", audited: /Send: denied: .*too large/, call: () => inflating(sender) },
    { name: "a socket whose path holds NUL", at: "hub", audited: /client:sender: .*Send: invalid_argument/, call: () => invoke(sending, "send", { target: { ...target, server: "/tmp/\0x" }, prompt: "x", key: "n4" }) },
    { name: "a node that sends", at: "hub", audited: /node:spark01: \/dispatch.v1.Coordinator\/Send: denied/, call: () => invoke(coordinatorAs(node), "send", { target, prompt: "x", key: "h4" }) },
    { name: "a token that nobody gave out", at: "hub", audited: /joiner:forged-token-id: \/dispatch.v1.Coordinator\/Enrol: token_invalid/, call: async () => invoke(coordinatorAs(joiner), "enrol", { name: "evil", certificateRequest: (await createRequest("evil")).request }) },
    { name: "a token that sends", at: "hub", audited: /joiner:forged-token-id: \/dispatch.v1.Coordinator\/Send: denied/, call: () => invoke(coordinatorAs(joiner), "send", { target, prompt: "x", key: "h5" }) },
    { name: "a token that was used", at: "hub", audited: /joiner:.*Enrol: token_invalid/, call: async () => {
      const { code, stderr } = await spark!.dispatch(["join", "-", "--name", "spark01"], joinToken);
      expect(stderr).toContain("used up");
      if (code !== 0) throw new Error("refused");
    } },
    { name: "a certificate that was taken back", at: "hub", audited: /certificate_revoked/, call: async () => {
      await ok(hub!, ["client", "revoke", "gone"]);
      return invoke(coordinatorAs(gone), "send", { target, prompt: "x", key: "h6" });
    } },
    { name: "a request that is too large", at: "hub", audited: /\/dispatch.v1.Coordinator\/Send: denied: .*too large/, call: () => invoke(sending, "send", { target, prompt: "x".repeat(70_000_000), key: "h7" }) },
    { name: "a request that never comes", at: "hub", audited: /\/dispatch.v1.Coordinator\/Send: denied: no request came/, call: () => silent(sender) },
    { name: "a prompt over the limit", at: "hub", audited: /client:sender: .*Send: prompt_too_large/, call: () => invoke(sending, "send", { target, prompt: "x".repeat(2_000_000), key: "h8" }) },
    { name: "an id that is a path", at: "hub", audited: /client:sender: .*CancelDelivery: delivery_not_found/, call: () => invoke(sending, "cancelDelivery", { id: "../../../etc/passwd" }) },
    { name: "a delivery id that is a path, to the node", at: "spark01", audited: /client:sender: .*Deliver: invalid_argument/, call: () => invoke(nodeAs(sender), "deliver", { target, prompt: "x", key: "k", deliveryId: "../../../tmp/x" }) },
    { name: "a machine that nobody knows", at: "hub", audited: /Send: unknown_machine/, call: () => invoke(sending, "send", { target: { ...target, machine: "$(id)" }, prompt: "x", key: "h9" }) },
    sendTo("$(touch pwned)"), sendTo("`touch pwned`:0.0"), sendTo("#{pane_pid}"), sendTo("#(touch pwned)"), sendTo("-t %0"),
    sendTo("%0 ; kill-server"), sendTo("work\nkill-server"), sendTo("=work:"), sendTo("{marked}"), sendTo("@1"),
    sendTo(agent.target, { server: "-f /etc/passwd" }), sendTo(agent.target, { server: "../../tmp/x" }), sendTo(agent.target, { server: "$(touch pwned)" }),
  ];
}

/** Credentials that the coordinator gave out itself. */
async function joined(name: string, role: Role): Promise<Credentials> {
  const machine = await Product.create({ config: { machine: name } });
  await ok(machine, ["join", "-", "--name", name], await ok(hub!, ["client", "token", "--name", name, "--role", role]));
  const own = loadIdentity(machine.dataDir, "client");
  if (!own) throw new Error("it has not joined");
  return own;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whatever a send to such a target ends with, it was not typed. */
function refusedSend(updates: unknown): void {
  const last = (updates as { update?: { delivery?: { status: string; reason: string } } }[]).at(-1)?.update?.delivery;
  expect(last?.status).toMatch(/REFUSED|FAILED|EXPIRED/);
  throw new Error("refused");
}

async function auditOf(at: "hub" | "spark01"): Promise<AuditRow[]> {
  return JSON.parse(await ok(hub!, ["audit", "list", "--json", "--limit", "1000", ...(at === "spark01" ? ["--machine", "spark01"] : [])])) as AuditRow[];
}

const textOf = ({ subject, caller, rpc, outcome, detail, target }: AuditRow): string => `${subject || caller}: ${rpc}: ${outcome}: ${detail} ${target}`;

describe("hostile calls", () => {
  it("are all refused, all in the audit log, and leave node, coordinator and tmux as they were", async () => {
    const calls = await hostileCalls();
    expect(calls.length).toBeGreaterThanOrEqual(50);
    const before = { hub: (await auditOf("hub")).length, spark01: (await auditOf("spark01")).length };
    const pids = [hub!.daemons(), spark!.daemons()];
    const gotThrough: string[] = [];
    await Promise.all(calls.map(async ({ name, call }) => {
      const hangs = new Promise<string>((resolve) => void setTimeout(resolve, 30_000, "hangs").unref());
      const result = await Promise.race([call(), hangs]).catch(() => undefined);
      if (result !== undefined) gotThrough.push(`${name}: ${JSON.stringify(result)}`);
    }));
    expect(gotThrough).toEqual([]);
    // Calls that are over before they were begun are told when their connection is gone.
    await eventually(async () => (await auditOf("hub")).some((row) => textOf(row).includes("too large")), "the last entry", 10_000);
    const logs = { hub: (await auditOf("hub")).slice(0, -before.hub || undefined), spark01: (await auditOf("spark01")).slice(0, -before.spark01 || undefined) };
    const missing = calls.filter(({ at, audited }) => !logs[at].some((row) => row.outcome !== "ok" && audited.test(textOf(row)))).map(({ name }) => name);
    expect(missing).toEqual([]);
    for (const machine of [[], ["--machine", "spark01"]]) expect(JSON.parse(await ok(hub!, ["audit", "verify", "--json", ...machine]))).toMatchObject({ whole: true });
    expect([hub!.daemons(), spark!.daemons()]).toEqual(pids);
    expect(await agent.received()).toEqual(Buffer.alloc(0));
    for (const product of [hub!, spark!]) for (const dir of [product.dir, product.dataDir, process.cwd()]) expect(existsSync(join(dir, "pwned"))).toBe(false);
    expect(existsSync("/tmp/x")).toBe(false);
    // And whoever may, still can.
    expect(JSON.parse((await hub!.dispatch(["send", "--to", `spark01/${agent.target}`, "--server", spark!.tmux.socket, "--json"], "still here")).stdout)).toMatchObject({ status: "delivered" });
  }, 120_000);

  it("session names that look like flags, formats or commands are names and nothing else", async () => {
    // tmux itself expands formats in a name that is given; a doubled # stands for one.
    const names = ["-t", "$(touch pwned)", "##{version}", "a;kill-server", "##(touch pwned)", "`touch pwned`"];
    for (const name of names) await spark!.tmux.run("new-session", "-d", "-s", name, "cat");
    const rows = JSON.parse(await ok(hub!, ["targets", "--json", "--machine", "spark01", "--server", spark!.tmux.socket])) as { target: string }[];
    expect(rows.length).toBeGreaterThan(names.length);
    for (const { target } of rows) {
      const captured = await hub!.dispatch(["capture", "--to", `spark01/${target}`, "--server", spark!.tmux.socket, "--json"]);
      expect({ target, code: captured.code }).toEqual({ target, code: 0 });
      expect(JSON.parse(captured.stdout)).toMatchObject({ pane: { target } });
    }
    // The tmux server works where it was started.
    for (const dir of [spark!.dir, process.cwd()]) expect(existsSync(join(dir, "pwned"))).toBe(false);
    expect(await spark!.tmux.run("list-sessions", "-F", "#{session_id}")).not.toBe("");
  }, 60_000);
});
