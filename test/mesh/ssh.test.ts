import { execFile, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { version } from "../../core/version.js";
import { processesNaming } from "../testkit/product/processes-naming.js";
import { eventually } from "../testkit/tmux.js";
import { MeshWorld, ok, type Machine } from "./mesh-world.js";
import { Namespaces } from "./namespaces.js";

const run = promisify(execFile);
const sshd = ["/usr/sbin/sshd", "/usr/lib/ssh/sshd", "/usr/libexec/sshd"].find(existsSync);
const whyNot = (await Namespaces.whyNot()) ?? (sshd === undefined ? "there is no sshd: install openssh-server" : undefined);
beforeAll(() => {
  if (whyNot !== undefined) console.warn(`skipped: ${whyNot}`);
});

const daemons: ChildProcess[] = [];
afterEach(() => {
  for (const daemon of daemons.splice(0)) daemon.kill();
});

/** A real sshd on that machine, with the machine's own folders; `from` may log in, with keys of the test alone. */
async function startSshd(on: Machine, from: Machine, variables: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-sshd-"));
  mkdirSync("/run/sshd", { recursive: true });
  for (const key of ["host", "user"]) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, key)]);
  const set = { HOME: on.product.dir, DISPATCH_DATA_DIR: on.product.dataDir, PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", ...variables };
  writeFileSync(join(folder, "sshd_config"), [
    `ListenAddress ${on.address}`, "Port 22", `HostKey ${folder}/host`, `AuthorizedKeysFile ${folder}/user.pub`, `PidFile ${folder}/pid`, "StrictModes no", "UsePAM no", "PermitRootLogin yes", "PasswordAuthentication no",
    `SetEnv ${Object.entries(set).map(([name, value]) => `${name}=${value}`).join(" ")}`,
  ].join("\n"));
  const [program, ...words] = [...on.product.runner, sshd ?? "", "-D", "-e", "-f", join(folder, "sshd_config")];
  daemons.push(spawn(program ?? "", words, { stdio: "ignore" }));
  writeFileSync(join(folder, "ssh_config"), `Host *\n  User ${userInfo().username}\n  IdentityFile ${folder}/user\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n`);
  // The person's own configuration of ssh.
  const bin = join(from.product.dir, "ssh-bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F "${folder}/ssh_config" "$@"\n`);
  chmodSync(join(bin, "ssh"), 0o755);
  from.product.addToPath(bin);
  await eventually(() => run(from.product.runner[0] ?? "", [...from.product.runner.slice(1), join(bin, "ssh"), on.address, "true"]).then(() => true, () => false), "sshd to answer", 10_000);
}

/** As an earlier install left it there. */
function installDispatch(on: Machine, program = join(inject("programs"), "dispatch.cjs")): void {
  const bin = join(on.product.dir, ".local", "bin");
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, "dispatch"), { force: true });
  symlinkSync(program, join(bin, "dispatch"));
  chmodSync(program, 0o755);
}

describe.skipIf(whyNot !== undefined)("over ssh", () => {
  it("node add brings a machine into the fleet: its key is made there, its node started", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      // It does not know yet what it will be called.
      const spark = await world.machine("spark01", () => ({ machine: "vm" }));
      await startSshd(spark, hub);
      installDispatch(spark);
      const added = await ok(hub, ["node", "add", spark.address, "--name", "spark01"]);
      expect(added).toBe(`spark01 is in the fleet, at ${spark.address}:7411\n`);
      expect(await world.nodes(hub)).toMatchObject([{ machine: "hub" }, { machine: "spark01", aliases: ["vm"], transport: "mtls", reachable: true, detail: "" }]);
      const agent = await spark.product.agent({ settings: { turnMs: 20 } });
      expect(JSON.parse((await hub.product.dispatch(["send", "--to", `spark01/${agent.target}`, "--server", spark.product.tmux.socket, "--json"], "hello")).stdout)).toMatchObject({ status: "delivered", machine: "spark01" });
      expect(existsSync(join(spark.product.dataDir, "identity", "node", "key.pem"))).toBe(true);
      // The name is taken now.
      const again = await hub.product.dispatch(["node", "add", spark.address, "--name", "spark01"]);
      expect({ ...again, code: again.code !== 0 }).toMatchObject({ code: true, stderr: expect.stringContaining("spark01") });
    }), 120_000);

  it("node add says what is missing there, and changes nothing", () =>
    MeshWorld.with(async (world) => {
      const hub = await world.hub();
      const spark = await world.machine("spark01");
      const bare = join(spark.product.dir, "bare-bin");
      mkdirSync(bare);
      for (const program of ["sh", "hostname"]) symlinkSync((await run("which", [program])).stdout.trim(), join(bare, program));
      await startSshd(spark, hub, { PATH: bare });
      expect(await hub.product.dispatch(["node", "add", spark.address])).toMatchObject({ code: 9, stderr: expect.stringContaining("has no Node: 20 or later is needed. Nothing was changed there.") });
      expect(await hub.product.dispatch(["node", "add", "-oProxyCommand=touch /tmp/pwned"])).toMatchObject({ code: 2 });
      expect(await hub.product.dispatch(["node", "add", "nobody@10.255.255.1"])).not.toMatchObject({ code: 0 });
      expect(existsSync(join(spark.product.dir, ".local"))).toBe(false);
    }), 120_000);

  it("a machine at ssh://… is a machine like any other, and nothing listens on it but sshd", () =>
    MeshWorld.with(async (world) => {
      const spark = await world.machine("spark01");
      const hub = await world.machine("hub", () => ({ nodes: [{ machine: "spark01", address: `ssh://${spark.address}`, aliases: ["s1"] }] }));
      await startSshd(spark, hub);
      installDispatch(spark);
      await ok(hub, ["up"]);
      await world.eventuallyUp(hub, "spark01");
      expect(existsSync(join(spark.product.dir, ".cache"))).toBe(false);
      expect(await world.nodes(hub)).toMatchObject([{ machine: "hub" }, { machine: "spark01", aliases: ["s1"], transport: "ssh", source: "config", version, reachable: true }]);
      const agent = await spark.product.agent({ settings: { turnMs: 20 } });
      const send = async (key: string): Promise<unknown> => JSON.parse((await hub.product.dispatch(["send", "--to", `s1/${agent.target}`, "--server", spark.product.tmux.socket, "--key", key, "--json"], key)).stdout) as unknown;
      expect(await send("one")).toMatchObject({ status: "delivered", machine: "spark01", evidence: { source: "record" } });
      // ssh goes away with everything that goes through it; the same key afterwards.
      daemons.splice(0).forEach((daemon) => daemon.kill("SIGKILL"));
      for (const { pid } of processesNaming(`DISPATCH_DATA_DIR=${spark.product.dataDir}\0`).filter(({ command }) => command.endsWith("node pipe"))) process.kill(pid, "SIGKILL");
      await eventually(async () => (await world.nodes(hub)).some(({ machine, reachable }) => machine === "spark01" && !reachable), "the loss to be seen", 10_000);
      expect((await world.nodes(hub)).find(({ machine }) => machine === "spark01")?.detail).toMatch(/ssh to ssh:\/\/.* failed: .*(?:refused|closed|reset)/i);
      await startSshd(spark, hub);
      await world.eventuallyUp(hub, "spark01");
      expect(await send("two")).toMatchObject({ status: "delivered" });
      expect(await send("one")).toMatchObject({ status: "delivered" });
      expect(await agent.submitted()).toEqual(["one", "two"]);
      // What dies there is started again; what somebody ended there is not.
      expect(spark.product.killDaemon()).toBe(true);
      await eventually(() => spark.product.daemons().length === 1, "another node", 10_000);
      await world.eventuallyUp(hub, "spark01");
      await ok(spark, ["down"]);
      const detail = async (): Promise<string> => (await world.nodes(hub)).find(({ machine }) => machine === "spark01")!.detail;
      await eventually(async () => (await detail()).endsWith("failed: The background process was ended there by `dispatch down`, and is down until `dispatch up` there."), "the reason", 10_000);
      expect(spark.product.daemons()).toEqual([]);
      await ok(spark, ["up"]);
      await world.eventuallyUp(hub, "spark01");
    }), 120_000);

  it("a machine at ssh://… where nothing of ours is installed: the program is carried over once, and proves as anywhere", () =>
    MeshWorld.with(async (world) => {
      const spark = await world.machine("spark01");
      const hub = await world.machine("hub", () => ({ nodes: [{ machine: "spark01", address: `ssh://${spark.address}` }] }));
      await startSshd(spark, hub);
      await ok(hub, ["up"]);
      await world.eventuallyUp(hub, "spark01");
      const agent = await spark.product.agent({ settings: { turnMs: 20 } });
      const send = async (prompt: string): Promise<unknown> => JSON.parse((await hub.product.dispatch(["send", "--to", `spark01/${agent.target}`, "--server", spark.product.tmux.socket, "--json"], prompt)).stdout) as unknown;
      expect(await send("carried")).toMatchObject({ status: "delivered", machine: "spark01", evidence: { source: "record" } });
      const cache = join(spark.product.dir, ".cache", "dispatch");
      expect(readdirSync(cache)).toEqual([expect.stringMatching(new RegExp(`^carried-${version.replaceAll(".", "\\.")}-[0-9a-f]{12}$`))]);
      const carried = join(cache, readdirSync(cache)[0]!);
      expect(statSync(carried).mode & 0o777).toBe(0o700);
      // A second connection finds it there.
      const before = statSync(join(carried, "complete")).mtimeMs;
      await ok(hub, ["daemon", "restart"]);
      await world.eventuallyUp(hub, "spark01");
      expect(await send("again")).toMatchObject({ status: "delivered" });
      expect(statSync(join(carried, "complete")).mtimeMs).toBe(before);
      expect(await agent.submitted()).toEqual(["carried", "again"]);
    }), 120_000);

  it("a machine at ssh://… with neither Dispatch nor Node.js, or with another kind of Node.js, says so, and nothing is left there", () =>
    MeshWorld.with(async (world) => {
      const spark = await world.machine("spark01");
      const hub = await world.machine("hub", () => ({ nodes: [{ machine: "spark01", address: `ssh://${spark.address}` }] }));
      const bare = join(spark.product.dir, "bare-bin");
      mkdirSync(bare);
      for (const program of ["sh", "tail", "tmux"]) symlinkSync((await run("which", [program])).stdout.trim(), join(bare, program));
      await startSshd(spark, hub, { PATH: bare, SHELL: "/bin/false" });
      await ok(hub, ["up"]);
      const detail = async (): Promise<string> => (await world.nodes(hub)).find(({ machine }) => machine === "spark01")!.detail;
      await eventually(async () => (await detail()).includes("neither Dispatch nor Node.js 20 is there"), "the reason", 15_000);
      writeFileSync(join(bare, "node"), "#!/bin/sh\necho dispatch-carry plan9-mips-7\n", { mode: 0o755 });
      await eventually(async () => (await detail()).includes("its Node.js (plan9-mips-7) cannot run what is here"), "the other reason", 15_000);
      expect(existsSync(join(spark.product.dir, ".cache"))).toBe(false);
    }), 120_000);
});
