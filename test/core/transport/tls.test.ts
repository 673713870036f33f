import { credentials, type ChannelCredentials } from "@grpc/grpc-js";
import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { once } from "node:events";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../../core/clock.js";
import type { Principal } from "../../../core/domain/principal.js";
import { DispatchError } from "../../../core/errors/dispatch-error.js";
import { silentLog, type Log } from "../../../core/log.js";
import type { Credentials } from "../../../core/pki/identity-store.js";
import { callStream, callUnary } from "../../../core/transport/calls.js";
import { remoteChannelOptions } from "../../../core/transport/channel-options.js";
import { explainTls } from "../../../core/transport/explain-tls.js";
import { serverStream, unary } from "../../../core/transport/handlers.js";
import { parseHostPort } from "../../../core/transport/host-port.js";
import { IdentityProvider } from "../../../core/transport/identity-provider.js";
import { mtlsIdentify } from "../../../core/transport/mtls-identify.js";
import type { ExpectedPeer } from "../../../core/transport/peer-check.js";
import { tlsCredentials } from "../../../core/transport/tls-credentials.js";
import { patientChannelOptions } from "../../../core/transport/channel-options.js";
import { serveOnTls, type TlsListening } from "../../../core/transport/tls-server.js";
import { waitForReady } from "../../../core/transport/wait-for-ready.js";
import { NodeAgentClient, NodeAgentService, type NodeAgentServer } from "../../../proto/gen/dispatch/v1/node_agent.js";
import { peerIdentity } from "../../../core/pki/peer-identity.js";
import { dayMs, testFleet } from "./fleet-certificates.js";

type Fleet = Awaited<ReturnType<typeof testFleet>>;
let fleet: Fleet;
let coordinator: Credentials;
beforeAll(async () => {
  fleet = await testFleet();
  coordinator = await fleet.issue({ kind: "coordinator", name: "hub" });
});

/** A node that says who called, and streams until its caller leaves. */
async function startServer(own?: Credentials): Promise<{ listening: TlsListening; provider: IdentityProvider; callers: Principal[]; refused: string[]; revoked: Set<string> }> {
  const [callers, refused, revoked]: [Principal[], string[], Set<string>] = [[], [], new Set()];
  const provider = new IdentityProvider(own ?? (await fleet.issue({ kind: "node", name: "spark01" })));
  const log = { ...silentLog, warn: (fields: { why: string }) => void refused.push(fields.why) } as unknown as Log;
  const gate = { log: silentLog, identify: mtlsIdentify(fleet.fleet, (serial) => revoked.has(serial), () => systemClock.now()), admit: () => () => undefined };
  const implementation = {
    listSessions: unary((_request: unknown, { principal }) => {
      callers.push(principal);
      return Promise.resolve({ targets: [] });
    }, gate),
    watch: serverStream(async function* (_request: unknown, { signal }) {
      yield { target: undefined, gone: false };
      await once(signal, "abort");
    }, gate),
  } as unknown as NodeAgentServer;
  const listening = await serveOnTls({ listen: "127.0.0.1:0", channel: patientChannelOptions, provider, service: NodeAgentService, implementation, clock: systemClock, log, onRefused: () => undefined });
  onTestFinished(() => listening.close());
  return { listening, provider, callers, refused, revoked };
}

const spark: Omit<ExpectedPeer, "fleet"> = { kind: "node", name: "spark01" };

function clientOf(address: string, channel: ChannelCredentials): NodeAgentClient {
  const client = new NodeAgentClient(address, channel, remoteChannelOptions);
  onTestFinished(() => client.close());
  return client;
}

async function call(client: NodeAgentClient): Promise<unknown> {
  const settings = { deadline: new Date(Date.now() + 5_000), unreachable: "node_unreachable" as const };
  await waitForReady(client, new Date(Date.now() + 1_500), "node_unreachable");
  return callUnary(client.listSessions.bind(client), { query: "" }, settings);
}

/** Takes connections and says nothing; `dial` has a channel connect to it, and gives the end that was taken. */
async function startSilent(): Promise<{ server: Server; dial(): Promise<Socket> }> {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return {
    server,
    async dial() {
      const taken = once(server, "connection");
      connect(`127.0.0.1:${(server.address() as AddressInfo).port}`, coordinator).getChannel().getConnectivityState(true);
      const [socket] = (await taken) as [Socket];
      onTestFinished(() => void socket.destroy());
      return socket;
    },
  };
}

const connect = (address: string, own: Credentials, expected: Partial<ExpectedPeer> = {}): NodeAgentClient =>
  clientOf(address, tlsCredentials(new IdentityProvider(own), { fleet: fleet.fleet, ...spark, ...expected }));

const explained = async (address: string, own: Credentials, expected: Partial<ExpectedPeer> = {}): Promise<string | undefined> =>
  (await explainTls(address, new IdentityProvider(own), { fleet: fleet.fleet, ...spark, ...expected }))?.why;

describe("mutual TLS", () => {
  it("the handler knows who calls", async () => {
    const { listening, callers } = await startServer();
    expect(await call(connect(listening.address, coordinator))).toEqual({ targets: [] });
    const alice = await fleet.issue({ kind: "client", name: "alice", roles: ["observe", "send"] });
    await call(connect(listening.address, alice));
    expect(callers).toEqual([
      { kind: "coordinator", name: "hub", grants: [], serial: peerIdentity(coordinator.certificate)!.serial },
      { kind: "client", name: "alice", grants: [{ roles: ["observe", "send"] }], serial: peerIdentity(alice.certificate)!.serial },
    ]);
    expect(await explained(listening.address, coordinator)).toBeUndefined();
  });

  it.each([
    ["of another CA", async () => (await testFleet()).issue({ kind: "coordinator", name: "hub" }), /another CA/],
    ["expired", () => fleet.issue({ kind: "coordinator", name: "hub" }, new Date(Date.now() - 2 * dayMs)), /expired/],
    ["not yet valid", () => fleet.issue({ kind: "coordinator", name: "hub" }, new Date(Date.now() + 2 * dayMs)), /not valid yet/],
  ])("a caller's certificate that is %s is refused; both ends say so", async (what, own, logged) => {
    const { listening, callers, refused } = await startServer();
    const wrong = { ...(await own()), authority: fleet.authority.certificate };
    await expect(call(connect(listening.address, wrong))).rejects.toMatchObject({ reason: "node_unreachable" });
    expect(callers).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
    for (const why of refused) expect(why).toMatch(logged);
    expect(await explained(listening.address, wrong)).toMatch(new RegExp(`does not take this machine's certificate, which .*${what === "not yet valid" ? "not valid before" : what.replace("of ", "")}`));
  });

  it.each([
    ["plain gRPC", (address: string) => call(clientOf(address, credentials.createInsecure()))],
    ["no certificate", (address: string) => call(clientOf(address.replace("127.0.0.1", "localhost"), credentials.createSsl(Buffer.from(fleet.authority.certificate), null, null, { checkServerIdentity: () => undefined })))],
  ])("%s is refused", async (what, tried) => {
    const { listening, callers, refused } = await startServer();
    await expect(tried(listening.address)).rejects.toMatchObject({ reason: "node_unreachable" });
    expect(callers).toEqual([]);
    expect(refused[0]).toMatch(what === "no certificate" ? /no certificate was shown/ : /no TLS was spoken/);
  });

  it("closes while others are in their handshake", async () => {
    const { listening } = await startServer();
    const { host, port } = parseHostPort(listening.address);
    const silent = connectTcp(port, host);
    silent.on("error", () => undefined);
    await once(silent, "connect");
    // One that was served tells that the silent one before it was accepted.
    await call(connect(listening.address, coordinator));
    const gone = once(silent, "close");
    await listening.close();
    await gone;
  }, 5_000);

  it("TLS 1.2 is refused", async () => {
    const { listening, refused } = await startServer();
    const [host, port] = listening.address.split(":");
    const socket = connectTls({ host, port: Number(port), key: coordinator.key, cert: coordinator.certificate, ca: coordinator.authority, maxVersion: "TLSv1.2", checkServerIdentity: () => undefined });
    await expect(once(socket, "secureConnect")).rejects.toThrow();
    expect(refused).toEqual(["an older version of TLS was spoken"]);
  });

  it.each([
    ["another name", { name: "spark02" }, /node:spark01, not spark02/],
    ["another role", { kind: "coordinator" as const, name: "spark01" }, /node:spark01, not a coordinator/],
    ["another fleet", { fleet: "ffffffffffffffff" }, /another fleet/],
  ])("a server with %s than what was dialled is not talked to", async (_what, expected, said) => {
    const { listening, callers } = await startServer();
    await expect(call(connect(listening.address, coordinator, expected))).rejects.toMatchObject({ reason: "node_unreachable" });
    expect(callers).toEqual([]);
    expect(await explained(listening.address, coordinator, expected)).toMatch(said);
  });

  it("a server with a certificate of another CA, or an expired one, is not talked to", async () => {
    const stranger = { ...(await (await testFleet()).issue({ kind: "node", name: "spark01" })), authority: fleet.authority.certificate };
    const late = await fleet.issue({ kind: "node", name: "spark01" }, new Date(Date.now() - 2 * dayMs));
    for (const [own, said] of [[stranger, /another CA/], [late, /expired/]] as const) {
      const { listening, callers } = await startServer(own);
      await expect(call(connect(listening.address, coordinator))).rejects.toMatchObject({ reason: "node_unreachable" });
      expect(callers).toEqual([]);
      expect(await explained(listening.address, coordinator)).toMatch(said);
    }
  });

  it("nobody there, and no such name, are told", async () => {
    expect(await explained("127.0.0.1:1", coordinator)).toBe("nothing listens at 127.0.0.1:1");
    expect(await explained("nowhere.invalid:1", coordinator)).toMatch(/leads nowhere/);
  });

  it("a revoked certificate: the connection that stands is ended, and calls of a new one are refused by name", async () => {
    const { listening, revoked } = await startServer();
    const alice = await fleet.issue({ kind: "client", name: "alice", roles: ["send"] });
    const client = connect(listening.address, alice);
    await call(client);
    const stream = callStream(client.watch.bind(client), { target: undefined }, { unreachable: "node_unreachable" });
    await stream.next();
    const serial = peerIdentity(alice.certificate)!.serial;
    revoked.add(serial);
    listening.drop((one) => one === serial);
    await expect(stream.next()).rejects.toMatchObject({ reason: "node_unreachable" });
    await expect(call(client)).rejects.toMatchObject({ reason: "certificate_revoked", message: "The certificate of client:alice was revoked." });
  });

  it("certificates are renewed while a stream goes on", async () => {
    const { listening, provider } = await startServer(await fleet.issue({ kind: "node", name: "spark01" }, undefined, dayMs));
    const own = new IdentityProvider(coordinator);
    const client = clientOf(listening.address, tlsCredentials(own, { fleet: fleet.fleet, ...spark }));
    await call(client);
    const controller = new AbortController();
    const stream = callStream(client.watch.bind(client), { target: undefined }, { signal: controller.signal, unreachable: "node_unreachable" });
    await stream.next();
    const [renewedNode, renewedHub] = [await fleet.issue({ kind: "node", name: "spark01" }, undefined, 3 * dayMs), await fleet.issue({ kind: "coordinator", name: "hub" }, undefined, 3 * dayMs)];
    provider.renew(renewedNode);
    own.renew(renewedHub);
    // The stream stands; a new connection is made with the new certificates.
    await call(client);
    const seen: string[] = [];
    const other = clientOf(listening.address, tlsCredentials(own, { fleet: fleet.fleet, ...spark }, (serial) => (seen.push(serial), false)));
    await call(other);
    expect(seen).toEqual([peerIdentity(renewedNode.certificate)!.serial]);
    controller.abort();
    expect(await stream.next()).toMatchObject({ done: true });
  });

  it("who connects and says nothing, or garbage, is let go, and others are served", async () => {
    const { listening, refused } = await startServer();
    const [host, port] = listening.address.split(":");
    const sockets = [connectTcp(Number(port), host), connectTcp(Number(port), host)];
    for (const socket of sockets) onTestFinished(() => void socket.destroy());
    sockets[1]!.on("error", () => undefined).write("GET / HTTP/1.1\r\n\r\n");
    await once(sockets[1]!, "close");
    expect(refused).toEqual(["no TLS was spoken"]);
    await call(connect(listening.address, coordinator));
  });

  it("many who connect at once all do, whoever among those dialled says nothing", async () => {
    const silent = await startSilent();
    const { listening, callers } = await startServer();
    for (let index = 0; index < 8; index++) await silent.dial();
    const provider = new IdentityProvider(coordinator);
    const clients = Array.from({ length: 60 }, () => clientOf(listening.address, tlsCredentials(provider, { fleet: fleet.fleet, ...spark })));
    await Promise.all(clients.map((client) => waitForReady(client, new Date(Date.now() + 10_000), "node_unreachable")));
    await Promise.all(clients.map((client) => call(client)));
    expect(callers).toHaveLength(60);
    expect(provider.secureContext).toBe(provider.secureContext);
  });

  it("a connection that breaks while it waits for its handshake is made anew", async () => {
    const silent = await startSilent();
    for (let index = 0; index < 8; index++) await silent.dial();
    const waiting = await silent.dial();
    waiting.resetAndDestroy();
    // Once its turn has come.
    await once(silent.server, "connection");
  });

  it("a handshake that is never answered is given up, and tried again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const silent = await startSilent();
    const waiting = await silent.dial();
    // What is said there is read, and never answered.
    await once(waiting, "data");
    const [ended, again] = [once(waiting, "close"), once(silent.server, "connection")];
    await vi.advanceTimersByTimeAsync(15_000);
    await ended;
    await vi.advanceTimersByTimeAsync(2_000);
    const [next] = (await again) as [Socket];
    next.destroy();
  });

  it("a peer of another CA is refused whatever the environment says", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const warned = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      warned.mockRestore();
    });
    const other = await testFleet();
    const { listening, callers } = await startServer({ ...(await other.issue({ kind: "node", name: "spark01" })), authority: fleet.authority.certificate });
    await expect(call(connect(listening.address, coordinator))).rejects.toMatchObject({ reason: "node_unreachable" });
    expect(await explained(listening.address, coordinator)).toMatch(/another CA/);
    expect(callers).toEqual([]);
  });

  it("an address that cannot be listened on is told", async () => {
    const { listening, provider } = await startServer();
    const again = serveOnTls({ listen: listening.address, channel: patientChannelOptions, provider, service: NodeAgentService, implementation: {}, clock: systemClock, log: silentLog, onRefused: () => undefined });
    await expect(again).rejects.toThrow(DispatchError);
    await expect(again).rejects.toThrow(/cannot be listened on/);
  });
});
