import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { NodeClient } from "../../../coordinator/nodes/node-client.js";
import { systemClock } from "../../../core/clock.js";
import { silentLog } from "../../../core/log.js";
import type { Credentials } from "../../../core/pki/identity-store.js";
import { explainTls } from "../../../core/transport/explain-tls.js";
import { unary } from "../../../core/transport/handlers.js";
import { IdentityProvider } from "../../../core/transport/identity-provider.js";
import { mtlsIdentify } from "../../../core/transport/mtls-identify.js";
import { tlsCredentials } from "../../../core/transport/tls-credentials.js";
import { patientChannelOptions } from "../../../core/transport/channel-options.js";
import { serveOnTls } from "../../../core/transport/tls-server.js";
import { DescribeResponse, NodeAgentService, type NodeAgentServer } from "../../../proto/gen/dispatch/v1/node_agent.js";
import { dayMs, testFleet } from "../../core/transport/fleet-certificates.js";

const fleet = await testFleet();

/** A node with this certificate, that says it has these further names. */
async function serve(own: Credentials, aliases: readonly string[]): Promise<string> {
  const gate = { log: silentLog, identify: mtlsIdentify(fleet.fleet, () => false, () => systemClock.now()), admit: () => () => undefined };
  const implementation = { describe: unary(() => Promise.resolve(DescribeResponse.fromPartial({ machine: "spark01", aliases: [...aliases] })), gate) } as unknown as NodeAgentServer;
  const listening = await serveOnTls({ listen: "127.0.0.1:0", channel: patientChannelOptions, provider: new IdentityProvider(own), service: NodeAgentService, implementation, clock: systemClock, log: silentLog, onRefused: () => undefined });
  onTestFinished(() => listening.close());
  return listening.address;
}

async function clientAt(address: string): Promise<NodeClient> {
  const provider = new IdentityProvider(await fleet.issue({ kind: "coordinator", name: "hub" }));
  const expected = { fleet: fleet.fleet, kind: "node", name: "spark01" } as const;
  const client = new NodeClient("spark01", address, { credentials: tlsCredentials(provider, expected), clock: systemClock, explain: () => explainTls(address, provider, expected) });
  onTestFinished(() => client.close());
  return client;
}

describe("a node on another machine", () => {
  it("is known by the names that it says it has, once it is connected", async () => {
    const client = await clientAt(await serve(await fleet.issue({ kind: "node", name: "spark01" }), ["s1", ...Array.from({ length: 100 }, (_, index) => `n${index}`)]));
    await expect.poll(() => client.aliases, { timeout: 5_000 }).toHaveLength(16);
    expect(client.aliases[0]).toBe("s1");
    expect(await client.whyAway()).toBe("");
  });

  it.each([
    ["another machine answers", () => fleet.issue({ kind: "node", name: "spark02" }), /it is node:spark02, not spark01\.$/],
    ["its certificate has expired", () => fleet.issue({ kind: "node", name: "spark01" }, new Date(Date.now() - 2 * dayMs)), /the certificate has expired\.$/],
    ["its certificate is of another CA", async () => (await testFleet()).issue({ kind: "node", name: "spark01" }), /the certificate is of another CA\.$/],
  ])("tells why it is away: %s", async (_why, own, told) => {
    const client = await clientAt(await serve(await own(), []));
    await expect.poll(() => client.whyAway(), { timeout: 5_000 }).toMatch(told);
    await expect(client.ready(new Date(Date.now() + 200))).rejects.toMatchObject({ reason: "node_unreachable", message: expect.stringMatching(told) });
  });

  it("tells whether it is connected as soon as its first attempt has ended, and does not wait for longer than it is told to", async () => {
    const longMs = 60_000;
    const there = await clientAt(await serve(await fleet.issue({ kind: "node", name: "spark01" }), []));
    expect(await there.settled(longMs)).toBe(true);
    expect(await (await clientAt("127.0.0.1:1")).settled(longMs)).toBe(false);
    const silent = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void silent.close());
    await once(silent, "listening");
    const unanswered = await clientAt(`127.0.0.1:${(silent.address() as AddressInfo).port}`);
    expect(await unanswered.settled(20)).toBe(false);
    const waiting = unanswered.settled(longMs);
    unanswered.close();
    expect(await waiting).toBe(false);
  });

  it("tells that nobody is there", async () => {
    const client = await clientAt("127.0.0.1:1");
    await expect.poll(() => client.whyAway(), { timeout: 5_000 }).toBe("Nothing listens at 127.0.0.1:1.");
  });
});
