import { beforeAll, describe, expect, it } from "vitest";
import { installTailscale, world as tailscaleWorld, type Peer } from "../testkit/tailscale/tailnet-world.js";
import { eventually } from "../testkit/tmux.js";
import { MeshWorld, ok, type Machine } from "./mesh-world.js";
import { Namespaces } from "./namespaces.js";

const whyNot = await Namespaces.whyNot();
beforeAll(() => {
  if (whyNot !== undefined) console.warn(`skipped: ${whyNot}`);
});

const capability = "dispatch.local/cap/dispatch";

/** Machines of a tailnet: each asks a stand-in `tailscale` that knows them all. */
class TailnetWorld {
  readonly #members: { machine: Machine; peer: Peer; change: (world: Record<string, unknown>) => void }[] = [];
  readonly #away: Peer[] = [];

  constructor(readonly mesh: MeshWorld) {}

  async machine(peer: Omit<Peer, "ip">, config: Record<string, unknown> = {}): Promise<Machine> {
    const machine = await this.mesh.machine(peer.name, () => config);
    const { path, change } = installTailscale(machine.product.dir, {});
    machine.product.addToPath(path);
    this.#members.push({ machine, peer: { ...peer, ip: machine.address }, change });
    this.tell();
    return machine;
  }

  /** A peer that is not there. */
  away(peer: Peer): void {
    this.#away.push(peer);
    this.tell();
  }

  tell(changes: Readonly<Record<string, Partial<Peer>>> = {}): void {
    const all = this.#members.map(({ peer }) => ({ ...peer, ...changes[peer.name] }));
    for (const { peer, change } of this.#members) {
      const self = all.find(({ name }) => name === peer.name);
      if (self) change(tailscaleWorld(self, [...all.filter((one) => one !== self), ...this.#away]));
    }
  }
}

async function send(from: Machine, on: Machine, target: string, prompt: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return from.product.dispatch(["send", "--to", `${on.name}/${target}`, "--server", on.product.tmux.socket, "--json"], prompt);
}

describe.skipIf(whyNot !== undefined)("on a tailnet", () => {
  it("nodes are found by their tag; callers are named by whois and may do what the tailnet's policy file says", () =>
    MeshWorld.with(async (mesh) => {
      const net = new TailnetWorld(mesh);
      const hub = await net.machine({ name: "hub", login: "boss@example.com" }, { coordinatorListen: "tailnet:7410", tailnetNodes: { port: 7411, tag: "tag:agents" } });
      const spark = await net.machine({ name: "spark01", tags: ["tag:agents"] }, { nodeListen: "tailnet:7411", grants: [{ subject: "tailnet:boss@example.com", roles: ["admin"] }] });
      const client = { coordinator: "tailnet:hub:7410" };
      const alice = await net.machine({ name: "alices", login: "alice@example.com", capabilities: { [capability]: [{ roles: ["send"], targets: ["open:*"] }, { roles: ["root"] }] } }, client);
      const mallory = await net.machine({ name: "mallorys", login: "mallory@example.com", capabilities: { "other/cap": [{ roles: ["admin"] }] } }, client);
      net.away({ name: "laptop", ip: "100.64.9.9", tags: ["tag:agents"], online: false });
      await ok(spark, ["up"]);
      await ok(hub, ["up"]);
      await mesh.eventuallyUp(hub, "spark01");
      expect(await mesh.nodes(hub)).toMatchObject([
        { machine: "hub", transport: "unix" },
        { machine: "spark01", aliases: ["spark01.tail1234.ts.net"], address: `${spark.address}:7411`, transport: "tailnet", source: "tailnet", reachable: true },
        { machine: "laptop", transport: "tailnet", reachable: false, since: "2026-11-20T08:00:00.500Z", detail: "It is not on the tailnet since 2026-11-20T08:00:00.500Z." },
      ]);
      const [open, closed] = [await spark.product.agent({ session: "open", settings: { turnMs: 20 } }), await spark.product.agent({ session: "closed" })];
      for (const from of [hub, alice]) expect(JSON.parse((await send(from, spark, open.target, `from ${from.name}`)).stdout)).toMatchObject({ status: "delivered", machine: "spark01" });
      expect(await send(alice, { ...spark, name: "spark01.tail1234.ts.net" }, closed.target, "no")).toMatchObject({ code: 11 });
      expect(await send(mallory, spark, open.target, "no")).toMatchObject({ code: 11, stdout: expect.stringContaining("tailnet:mallory@example.com has no grant here") });
      expect(await mallory.product.dispatch(["nodes"])).toMatchObject({ code: 11 });
      expect(await open.submitted()).toEqual(["from hub", "from alices"]);
      expect(await closed.received()).toEqual(Buffer.alloc(0));
      const doctor = await hub.product.dispatch(["doctor", "--fleet", "--json"]);
      expect(doctor.code).toBe(1);
      expect(JSON.parse(doctor.stdout)).toEqual(expect.arrayContaining([
        expect.objectContaining({ severity: "ok", subject: "machine hub" }), expect.objectContaining({ severity: "ok", subject: "machine spark01" }),
        expect.objectContaining({ severity: "error", subject: "machine laptop", detail: expect.stringContaining("not on the tailnet since") }),
        expect.objectContaining({ severity: "ok", subject: "spark01: tmux" }),
      ]));
      expect((await ok(hub, ["audit", "list", "--denied"]))).toContain("tailnet:mallory@example.com");
      expect(await hub.product.dispatch(["can", "tailnet:boss@example.com", "send", `spark01/${open.target}`, "--server", spark.product.tmux.socket])).toMatchObject({ stdout: expect.stringContaining("node of spark01: ") });
    }), 120_000);

  it("without a tag those are nodes that answer at the port; who is not on the tailnet is nobody", () =>
    MeshWorld.with(async (mesh) => {
      const net = new TailnetWorld(mesh);
      const hub = await net.machine({ name: "hub", login: "boss@example.com" }, { tailnetNodes: { port: 7411 } });
      const spark = await net.machine({ name: "spark01", tags: ["tag:agents"] }, { nodeListen: "tailnet:7411", grants: [{ subject: "tailnet:boss@example.com", roles: ["admin"] }] });
      await net.machine({ name: "phone", login: "boss@example.com" });
      await ok(spark, ["up"]);
      await ok(hub, ["up"]);
      await mesh.eventuallyUp(hub, "spark01");
      expect((await mesh.nodes(hub)).map(({ machine }) => machine)).toEqual(["hub", "spark01"]);
      // The same network, and an address that the tailnet does not know.
      const stranger = await mesh.machine("stranger", () => ({ nodes: [{ machine: "spark01", address: `${spark.address}:7411` }] }));
      await ok(stranger, ["ca", "init"]);
      await ok(stranger, ["up"]);
      expect((await mesh.nodes(stranger)).find(({ machine }) => machine === "spark01")).toMatchObject({ reachable: false });
      const other = await mesh.machine("other", () => ({ coordinator: "tailnet:hub:7410" }));
      expect(await other.product.dispatch(["nodes"])).toMatchObject({ code: 9, stderr: expect.stringContaining("tailscale is not installed here") });
      const { path } = installTailscale(other.product.dir, { error: "failed to connect to local tailscaled" });
      other.product.addToPath(path);
      expect(await other.product.dispatch(["nodes"])).toMatchObject({ code: 9, stderr: expect.stringContaining("tailscaled does not run on this machine") });
      await eventually(async () => (await mesh.nodes(hub)).some(({ machine, reachable }) => machine === "spark01" && reachable), "spark01 to stay", 5_000);
    }), 120_000);
});
