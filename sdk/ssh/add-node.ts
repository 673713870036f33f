import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pause, systemClock } from "../../core/clock.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { packageRoot } from "../../core/package-root.js";
import { isIdentityName } from "../../core/pki/identity.js";
import { remotePath } from "../../core/ssh/ssh-arguments.js";
import { formatHostPort } from "../../core/transport/host-port.js";
import { version } from "../../core/version.js";
import type { DispatchClient } from "../dispatch-client.js";
import { runOverSsh, type OverSsh } from "./run-over-ssh.js";

const [shortMs, installMs, upMs] = [30_000, 300_000, 30_000];
const usualPort = 7411;

export interface AddNodeRequest {
  /** `user@host`, or a name of ~/.ssh/config. */
  readonly destination: string;
  /** Name in the fleet; the machine's own host name where none is given. */
  readonly name?: string | undefined;
  /** `host:port` at which it takes calls; the address that ssh reached it at, and port 7411, where none is given. */
  readonly listen?: string | undefined;
  readonly onStep?: ((what: string) => void) | undefined;
}

// Each of these is fixed text: what is given goes in by standard input, never into a command.
const look = `${remotePath}; node --version 2>/dev/null || echo none; dispatch --version 2>/dev/null || echo none; hostname; echo "$SSH_CONNECTION"; tmux -V 2>/dev/null || echo none`;
const install = 'umask 077 && d="$HOME/.local/share/dispatch" && mkdir -p "$d" "$HOME/.local/bin" && cat > "$d/package.tgz" && npm install --no-fund --no-audit --loglevel=error --prefix "$d" "$d/package.tgz" >&2 && for b in dispatch dispatch-node dispatch-coordinator dispatch-mcp; do ln -sf "$d/node_modules/.bin/$b" "$HOME/.local/bin/$b"; done';
const joinThere = `${remotePath}; read -r name && read -r listen && exec dispatch join - --name "$name" --listen "$listen"`;
const start = `${remotePath}; exec dispatch daemon restart`;

/** Brings a machine that has Node into the fleet over ssh: this package where it is not there, a token, a key made there, its node started. */
export async function addNode(client: DispatchClient, { destination, name: asked, listen: askedListen, onStep = () => undefined }: AddNodeRequest): Promise<{ machine: string; address: string }> {
  const controlFolder = mkdtempSync(join(tmpdir(), "dispatch-ssh-"));
  const ssh: OverSsh = { destination, controlFolder };
  try {
    const [node = "", theirs = "", hostname = "", connection = "", tmux = ""] = (await runOverSsh(ssh, look, { input: "", timeoutMs: shortMs, what: "Looking around" })).split("\n");
    const major = Number(/^v(\d+)\./.exec(node)?.[1] ?? 0);
    if (major < 20) throw new DispatchError("other_version", `${destination} has ${node === "none" ? "no Node" : `Node ${node}`}: 20 or later is needed. Nothing was changed there.`, { metadata: { destination } });
    if (tmux === "none") throw new DispatchError("no_tmux", `${destination} has no tmux. Nothing was changed there.`, { metadata: { destination } });
    const name = asked ?? hostname.split(".")[0] ?? "";
    if (!isIdentityName(name)) throw new DispatchError("invalid_argument", `name: "${name}" cannot stand in a certificate; give one with --name.`, { metadata: { field: "name", value: name } });
    const listen = askedListen ?? formatHostPort(connection.split(" ")[2] ?? "", usualPort);
    if (theirs !== version) {
      onStep(theirs === "none" ? `installing ${version}` : `replacing ${theirs} by ${version}`);
      await runOverSsh(ssh, install, { input: await pack(controlFolder), timeoutMs: installMs, what: "Installing" });
    }
    onStep(`joining as ${name}, listening at ${listen}`);
    const { token } = await client.enrolment.createToken({ kind: "node", name, lifeMs: 10 * 60_000 });
    await runOverSsh(ssh, joinThere, { input: `${name}\n${listen}\n${token.trim()}\n`, timeoutMs: shortMs, what: "Joining" });
    await runOverSsh(ssh, start, { input: "", timeoutMs: shortMs, what: "Starting the node" });
    onStep("waiting for it to register");
    return { machine: name, address: await registered(client, name) };
  } finally {
    rmSync(controlFolder, { recursive: true, force: true });
  }
}

/** This package as npm would publish it. */
async function pack(folder: string): Promise<Buffer> {
  await promisify(execFile)("npm", ["pack", "--ignore-scripts", "--pack-destination", folder, packageRoot()], { cwd: folder });
  const [file] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  if (file === undefined) throw new DispatchError("internal", "`npm pack` made no package.");
  return readFileSync(join(folder, file));
}

async function registered(client: DispatchClient, machine: string): Promise<string> {
  const end = systemClock.monotonicMs() + upMs;
  for (;;) {
    const found = (await client.fleet.nodes()).find((node) => node.machine === machine);
    if (found?.reachable) return found.address;
    if (systemClock.monotonicMs() > end) {
      throw new DispatchError("node_unreachable", `${machine} has joined, and ${found ? `cannot be reached: ${found.detail}` : "did not register: can it reach the coordinator?"}`, { metadata: { machine } });
    }
    await pause(500);
  }
}
