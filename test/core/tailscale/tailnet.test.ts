import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { parseStatus } from "../../../core/tailscale/parse-status.js";
import { parseWhois } from "../../../core/tailscale/parse-whois.js";
import { Tailnet } from "../../../core/tailscale/tailnet.js";
import { installTailscale, peerStatus, whoIs, world, type Peer } from "../../testkit/tailscale/tailnet-world.js";

const self: Peer = { name: "hub", ip: "100.64.0.1", login: "alice@example.com" };
const spark: Peer = { name: "spark01", ip: "100.64.0.2", tags: ["tag:dispatch"], capabilities: { "x.test/cap/y": [{ roles: ["send"] }], "x.test/cap/empty": null } };
const laptop: Peer = { name: "laptop", ip: "100.64.0.3", login: "bob@example.com", online: false };

/** The stand-in, run as the product runs the real one. */
function tailnet(first: Record<string, unknown>) {
  const dir = mkdtempSync(join(tmpdir(), "dispatch-tailnet-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const { path, change } = installTailscale(dir, first);
  const calls: string[] = [];
  const run = async (args: readonly string[]): Promise<string> => {
    calls.push(args.join(" "));
    return (await promisify(execFile)(join(path, "tailscale"), [...args], { env: { PATH: process.env["PATH"] } })).stdout;
  };
  return { net: new Tailnet(systemClock, run), change, calls };
}

it("tells the peers, which are online, their tags and addresses", async () => {
  const { net } = tailnet(world(self, [spark, laptop]));
  expect(await net.version()).toBe("1.98.9");
  expect(await net.ownAddress()).toBe("100.64.0.1");
  expect(await net.status()).toEqual({
    version: "1.98.9-t4fb758c39-g200941d74", state: "Running",
    self: { name: "hub", dnsName: "hub.tail1234.ts.net", addresses: ["100.64.0.1", "fd7a:115c:a1e0::1"], tags: [], online: true, expired: false },
    peers: [
      { name: "spark01", dnsName: "spark01.tail1234.ts.net", addresses: ["100.64.0.2", "fd7a:115c:a1e0::2"], tags: ["tag:dispatch"], online: true, expired: false },
      { name: "laptop", dnsName: "laptop.tail1234.ts.net", addresses: ["100.64.0.3", "fd7a:115c:a1e0::3"], tags: [], online: false, expired: false, lastSeen: new Date("2026-11-20T08:00:00.500Z") },
    ],
  });
});

it("names a caller by its address, with or without port; a tagged machine has no user", async () => {
  const { net, calls } = tailnet(world(self, [spark, laptop]));
  const [tagged, user] = [await net.whois("100.64.0.2:51234"), await net.whois("100.64.0.3")];
  expect(tagged).toMatchObject({ machine: "spark01", login: "", tags: ["tag:dispatch"] });
  expect(tagged.capability("x.test/cap/y")).toEqual([{ roles: ["send"] }]);
  expect([tagged.capability("x.test/cap/empty"), tagged.capability("nothing"), tagged.capability("constructor")]).toEqual([[], [], []]);
  expect(user).toMatchObject({ machine: "laptop", login: "bob@example.com" });
  expect(calls).toEqual(["whois --json 100.64.0.2", "whois --json 100.64.0.3"]);
  await net.whois("100.64.0.2:9");
  expect(calls).toHaveLength(2);
});

it("an unknown address fails, and is asked again", async () => {
  const { net, change } = tailnet(world(self, []));
  await expect(net.whois("100.64.0.2:1")).rejects.toThrow("peer not found");
  change(world(self, [spark]));
  expect(await net.whois("100.64.0.2:1")).toMatchObject({ machine: "spark01" });
});

it.each(["--help", "100.64.0.2; touch /tmp/x", "$(id)", "", "[::1", "host:1", "100.64.0.2:x"])("what is no address never becomes an argument: %j", (peer) => {
  const { net, calls } = tailnet(world(self, [spark]));
  expect(() => net.whois(peer)).toThrow(expect.objectContaining({ reason: "unauthenticated" }));
  expect(calls).toEqual([]);
});

it.each(["NeedsLogin", "Stopped", "NoState"])("a tailnet in the state %s is not one", async (state) => {
  const { net } = tailnet(world(self, [], state));
  await expect(net.status()).rejects.toMatchObject({ reason: "tailnet_unavailable", message: expect.stringContaining(state) });
});

it("fields that a version does not have are taken for empty", () => {
  const { DNSName: _, Online: __, LastSeen: ___, TailscaleIPs: ____, ...old } = peerStatus(spark, 1);
  expect(parseStatus(JSON.stringify({ BackendState: "Running", Peer: { a: old } }))).toEqual({
    version: "", state: "Running", peers: [{ name: "SPARK01", dnsName: "", addresses: [], tags: ["tag:dispatch"], online: false, expired: false }],
  });
  const { UserProfile: _____, CapMap: ______, ...bare } = whoIs(laptop, 2);
  expect(parseWhois(JSON.stringify(bare))).toMatchObject({ machine: "laptop", login: "" });
});

it.each(["", "null", "[]", "{", `{"Peer":[1]}`, `{"Peer":{"a":{"Tags":"x"}}}`])("what is not a status is told: %s", (text) => {
  expect(() => parseStatus(text)).toThrow(expect.objectContaining({ reason: "tailnet_unavailable" }));
});

it.each(["", "null", "{}", `{"Node":null}`, `{"Node":{},"CapMap":{"a":{}}}`])("what is not an answer of whois is told: %s", (text) => {
  expect(() => parseWhois(text)).toThrow(expect.objectContaining({ reason: "tailnet_unavailable" }));
});
