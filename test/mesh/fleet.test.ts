import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { loadAuthority } from "../../core/pki/authority-files.js";
import { createRequest } from "../../core/pki/certificate-authority.js";
import { loadIdentity, saveIdentity } from "../../core/pki/identity-store.js";
import { eventually } from "../testkit/tmux.js";
import { MeshWorld, ok, type Machine } from "./mesh-world.js";
import { Namespaces } from "./namespaces.js";

const whyNot = await Namespaces.whyNot();
beforeAll(() => {
  if (whyNot !== undefined) console.warn(`skipped: ${whyNot}`);
});

interface Sent {
  readonly status: string;
  readonly reason: string | null;
  readonly detail: string;
  readonly machine: string;
  readonly target: string;
  readonly evidence: { source: string } | null;
}

/** `dispatch send` from one machine into an agent on another; the tmux server is a private one, and is named. */
async function send(from: Machine, on: Machine, target: string, prompt: string, ...flags: string[]): Promise<Sent & { code: number | null; stderr: string }> {
  const { code, stdout, stderr } = await from.product.dispatch(["send", "--to", `${on.name}/${target}`, "--server", on.product.tmux.socket, "--json", ...flags], prompt);
  return { ...(stdout.startsWith("{") ? (JSON.parse(stdout) as Sent) : ({ status: "", reason: null } as Sent)), code, stderr };
}

/** The same verdict from `can`, and the node's own log of what it denied. */
async function explained(hub: Machine, spark: Machine, open: string, closed: string): Promise<void> {
  const can = async (...words: string[]): Promise<{ code: number | null; stdout: string }> => hub.product.dispatch(["can", ...words, "--server", spark.product.tmux.socket]);
  expect(await can("client:narrow", "send", `spark01/${open}`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^yes\n {2}coordinator: yes, .*\n {2}node of spark01: yes, /) });
  expect(await can("client:narrow", "send", `spark01/${closed}`)).toMatchObject({ code: 11, stdout: expect.stringMatching(/^no\n {2}coordinator: yes, .*\n {2}node of spark01: no, .*closed:/) });
  expect(await can("client:watcher", "send")).toMatchObject({ code: 11 });
  const denials = JSON.parse(await ok(hub, ["audit", "list", "--machine", "spark01", "--denied", "--json"])) as { subject: string; caller: string }[];
  expect(denials).toContainEqual(expect.objectContaining({ subject: "client:narrow", caller: "coordinator:hub", outcome: "denied" }));
  expect(JSON.parse(await ok(hub, ["audit", "verify", "--machine", "spark01", "--json"]))).toMatchObject({ whole: true });
}

describe.skipIf(whyNot !== undefined)("machines in network namespaces", () => {
  it("join, are listed with their agents, and take prompts as if they were here", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      const spark = await world.node(hub, "spark01", { aliases: ["s1"] });
      const alice = await world.client(hub, "alice", "send");
      const agent = await spark.product.agent({ settings: { turnMs: 20 } });
      expect(await world.nodes(alice)).toMatchObject([{ machine: "hub", transport: "unix", reachable: true }, { machine: "spark01", aliases: ["s1"], transport: "mtls", reachable: true }]);
      for (const from of [hub, alice]) {
        expect(await send(from, spark, agent.target, `hello from ${from.name}`)).toMatchObject({ status: "delivered", machine: "spark01", evidence: { source: "record" }, code: 0 });
      }
      expect(await send(alice, { ...spark, name: "S1" }, agent.target, "by another name")).toMatchObject({ status: "delivered", machine: "spark01" });
      expect((await alice.product.dispatch(["send", "--to", "spark*/work:*", "--server", spark.product.tmux.socket, "--prompt", "to all that fit"])).stdout).toContain("1 of 1: 1 delivered");
      expect(await agent.submitted()).toEqual(["hello from hub", "hello from alice", "by another name", "to all that fit"]);
      // Who names no machine means a pane beside them, and theirs is not in the fleet.
      expect(await alice.product.dispatch(["send", "--to", agent.target, "--prompt", "where?"])).toMatchObject({ code: 2, stderr: expect.stringContaining("names no machine") });
      // One machine that is not there holds up nobody.
      await ok(spark, ["down"]);
      const away = (await world.nodes(alice)).find(({ machine }) => machine === "spark01");
      expect(away).toMatchObject({ reachable: false, latencyMs: null });
      expect(away).toMatchObject({ detail: expect.stringContaining("Nothing listens at") });
      expect((await alice.product.dispatch(["targets"])).stderr).toContain("spark01 is not in the list");
      await ok(hub, ["down"]);
      expect(await alice.product.dispatch(["nodes"])).toMatchObject({ code: 9, stderr: expect.stringContaining(`The coordinator at ${hub.address}:7410 cannot be reached: nothing listens at`) });
    }), 120_000);

  it("what a caller was not granted is denied, by the node too; what is taken back is gone at once", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      const spark = await world.node(hub, "spark01", { grants: [{ subject: "client:narrow", roles: ["send"], targets: ["open:*"] }] });
      const [watcher, narrow] = [await world.client(hub, "watcher", "observe"), await world.client(hub, "narrow", "send")];
      const [open, closed] = [await spark.product.agent({ session: "open", settings: { turnMs: 20 } }), await spark.product.agent({ session: "closed" })];
      expect(await send(watcher, spark, open.target, "not me")).toMatchObject({ code: 11, reason: "policy_denied", detail: "client:watcher has not the role send." });
      for (const command of [["nodes", "drain", "spark01"], ["node", "token"], ["node", "revoke", "spark01"]]) {
        expect(await watcher.product.dispatch(command)).toMatchObject({ code: 11, stderr: expect.stringContaining("has not the role admin") });
      }
      // The coordinator would let it: the node has the last word, on the pane that the name leads to.
      expect(await send(narrow, spark, open.target, "hello")).toMatchObject({ status: "delivered", code: 0 });
      expect(await send(narrow, spark, closed.target, "hello")).toMatchObject({ status: "refused", reason: "policy_denied", code: 11, detail: expect.stringContaining("but not for the target closed:") });
      expect(await send(narrow, spark, closed.paneId, "hello")).toMatchObject({ status: "refused", reason: "policy_denied" });
      expect(await narrow.product.dispatch(["capture", "--to", `spark01/${closed.target}`, "--server", spark.product.tmux.socket])).toMatchObject({ code: 11 });
      expect(await narrow.product.dispatch(["key", "--to", `spark01/${closed.target}`, "--server", spark.product.tmux.socket, "--key", "Escape"])).toMatchObject({ code: 11 });
      const seen = await ok(narrow, ["targets", "--json", "--machine", "spark01", "--server", spark.product.tmux.socket]);
      expect((JSON.parse(seen) as { target: string }[]).map(({ target }) => target.split(":")[0])).toEqual(["open"]);
      await explained(hub, spark, open.target, closed.target);
      await ok(hub, ["client", "revoke", "narrow"]);
      expect(await narrow.product.dispatch(["nodes"])).toMatchObject({ code: 11, stderr: expect.stringContaining("was revoked") });
      expect(await open.submitted()).toEqual(["hello"]);
      expect(await closed.received()).toEqual(Buffer.alloc(0));
      await ok(hub, ["node", "revoke", "spark01"]);
      expect((await world.nodes(hub)).map(({ machine }) => machine)).toEqual(["hub"]);
      // It comes back again and again, and is refused each time.
      await ok(spark, ["daemon", "restart"]);
      await eventually(async () => (await spark.product.log()).includes("certificate_revoked"), "the refusal in the node's log", 10_000);
      expect((await world.nodes(hub)).map(({ machine }) => machine)).toEqual(["hub"]);
      const told = JSON.parse(await ok(hub, ["audit", "list", "--json", "--limit", "1000"])) as { subject: string; rpc: string; outcome: string; target: string; textSha256: string }[];
      const sha256 = createHash("sha256").update("hello").digest("hex");
      expect(told).toContainEqual(expect.objectContaining({ subject: "client:watcher", rpc: "/dispatch.v1.Coordinator/Send", outcome: "denied" }));
      expect(told).toContainEqual(expect.objectContaining({ subject: "client:narrow", rpc: "/dispatch.v1.Coordinator/Send", outcome: "ok", textSha256: sha256, target: `spark01/${open.target}` }));
      expect(JSON.stringify(told)).not.toContain("hello");
      // The node that was revoked goes on trying, and each refusal is one entry more.
      const verified = JSON.parse(await ok(hub, ["audit", "verify", "--json"])) as { whole: boolean; entries: number };
      expect(verified.whole).toBe(true);
      expect(verified.entries).toBeGreaterThanOrEqual(told.length);
    }), 120_000);

  it("a schedule sends for whoever changed it last: no way around what one may not do", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      const spark = await world.node(hub, "spark01", { grants: [{ subject: "client:narrow", roles: ["send"], targets: ["open:*"] }] });
      const narrow = await world.client(hub, "narrow", "send");
      const closed = await spark.product.agent({ session: "closed", settings: { turnMs: 20 } });
      const { id } = JSON.parse(await ok(hub, ["schedule", "--to", `spark01/${closed.target}`, "--server", spark.product.tmux.socket, "--prompt", "by the owner", "--in", "1h", "--json"])) as { id: string };
      await ok(narrow, ["edit", id, "--prompt", "by somebody else"]);
      expect(await hub.product.dispatch(["run-now", id, "--json"])).toMatchObject({ code: expect.any(Number), stdout: expect.stringContaining("policy_denied") });
      expect(await closed.received()).toEqual(Buffer.alloc(0));
      await ok(hub, ["edit", id, "--prompt", "by the owner again"]);
      await ok(hub, ["run-now", id]);
      expect(await closed.submitted()).toEqual(["by the owner again"]);
    }), 60_000);

  it("a person's certificate renews itself when its time is nearly over", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      const alice = await world.client(hub, "alice", "observe");
      const own = loadIdentity(alice.product.dataDir, "client")!;
      const day = 86_400_000;
      const authority = await loadAuthority(hub.product.dataDir, { ...systemClock, now: () => new Date(Date.now() - 25 * day) });
      const { key, request } = await createRequest("alice");
      const certificate = await authority.issue({ identity: { kind: "client", name: "alice", roles: ["observe"] }, request, lifeMs: 30 * day });
      saveIdentity(alice.product.dataDir, "client", { ...own, key, certificate }, own.settings);
      await world.nodes(alice);
      const renewed = loadIdentity(alice.product.dataDir, "client")!;
      expect(renewed.identity).toMatchObject({ kind: "client", name: "alice", roles: ["observe"] });
      expect(renewed.identity.validTo.getTime()).toBeGreaterThan(Date.now() + 29 * day);
      expect(renewed.key).not.toBe(key);
      await world.nodes(alice);
      // Once is enough.
      expect(loadIdentity(alice.product.dataDir, "client")!.identity.serial).toBe(renewed.identity.serial);
    }), 60_000);

  it("a link that is cut in the middle of a delivery: found dead within 3 s, settled by the node's journal when it is back, typed once", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      const spark = await world.node(hub, "spark01");
      const agent = await spark.product.agent({ settings: { turnMs: 20, recordDelayMs: 2_000 } });
      const sending = hub.product.spawn(["send", "--to", `spark01/${agent.target}`, "--server", spark.product.tmux.socket, "--events", "--key", "k"], "over a cut link");
      let out = "";
      const ended = new Promise<number | null>((resolve) => void sending.once("close", resolve));
      sending.stdout!.on("data", (chunk: Buffer) => (out += String(chunk)));
      await eventually(() => out.includes('"step":"submitted"'), "the key", 15_000);
      await world.namespaces.plug(spark.link, false);
      const cut = performance.now();
      await eventually(async () => (await world.nodes(hub)).some(({ machine, reachable }) => machine === "spark01" && !reachable), "the loss to be seen", 8_000);
      expect(performance.now() - cut).toBeLessThan(6_000);
      await agent.waitFor(({ event }) => event === "submitted");
      await world.namespaces.plug(spark.link, true);
      expect(await ended).toBe(0);
      expect(out).toContain('"status":"delivered"');
      expect(await agent.submitted()).toEqual(["over a cut link"]);
      expect((await agent.input()).enters).toBe(1);
    }), 120_000);

  it("kill -9 of either side in the middle: the same key finishes it, once", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      const spark = await world.node(hub, "spark01");
      for (const victim of [hub, spark]) {
        const agent = await spark.product.agent({ settings: { turnMs: 20, recordDelayMs: 700 } });
        const words = ["send", "--to", `spark01/${agent.target}`, "--server", spark.product.tmux.socket, "--key", victim.name, "--events"];
        const sending = hub.product.spawn(words, "killed");
        let out = "";
        sending.stdout!.on("data", (chunk: Buffer) => (out += String(chunk)));
        await eventually(() => out.includes('"step":"submitted"'), "the key", 15_000);
        expect(victim.product.killDaemon()).toBe(true);
        sending.kill("SIGKILL");
        await ok(victim, ["up"]);
        await world.eventuallyUp(hub, "spark01");
        expect((await hub.product.dispatch(words, "killed")).stdout).toContain('"status":"delivered"');
        expect(await agent.submitted()).toEqual(["killed"]);
      }
    }), 120_000);

  it("strangers get nowhere: a token that is cut, used, forged or of another fleet", () =>
    MeshWorld.with(async (world) => {
      const [hub, other] = [await world.hub(), await world.machine("other", (address) => ({ coordinatorListen: `${address}:7410` }))];
      await ok(other, ["ca", "init"]);
      await ok(other, ["up"]);
      const token = await ok(hub, ["node", "token", "--name", "spark01"]);
      const stranger = await world.machine("stranger");
      const joins = (text: string, ...flags: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => stranger.product.dispatch(["join", "-", ...flags], text);
      expect(await joins(token, "--name", "hub")).toMatchObject({ code: 11, stderr: expect.stringContaining("for the name spark01, not for hub. Nothing was sent; it can still be used.") });
      expect(await joins(token.slice(0, -40))).toMatchObject({ code: 11, stderr: expect.stringContaining("token") });
      // The right fingerprint, and the address of somebody else.
      const parts = JSON.parse(Buffer.from(token.trim().slice("dispatch-join-1.".length), "base64url").toString()) as string[];
      const elsewhere = `dispatch-join-1.${Buffer.from(JSON.stringify([`${other.address}:7410`, ...parts.slice(1)])).toString("base64url")}`;
      expect(await joins(elsewhere)).toMatchObject({ code: 11, stderr: expect.stringContaining("its CA is another one. Nothing was sent.") });
      // The name is that of the token, whatever the machine calls itself.
      expect(await joins(token)).toMatchObject({ code: 0, stdout: expect.stringContaining("node:spark01") });
      expect(await joins(token)).toMatchObject({ code: 11, stderr: expect.stringContaining("used up") });
      expect(await world.nodes(hub)).toMatchObject([{ machine: "hub" }]);
    }), 120_000);
});
