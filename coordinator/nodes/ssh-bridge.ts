import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Clock } from "../../core/clock.js";
import type { Log } from "../../core/log.js";
import { carryAsked, carryFirst, nodePipeCommand, ourBuild } from "../../core/ssh/node-pipe-command.js";
import { sshArguments } from "../../core/ssh/ssh-arguments.js";
import { carriedName, carryProgram } from "./carry-program.js";

const maxSaid = 2_000;
/** What could not be carried over is not tried again at once. */
const carryAgainMs = 60_000;

export interface SshBridgeParts {
  /** Private, and its path short enough for sockets. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A unix socket here that leads to the node of another machine: each connection is one command there, through OpenSSH. Nothing listens on
 * a network, and who may is for ssh to say. Where nothing of ours is installed the program is carried over first, once for each version.
 */
export class SshBridge {
  /** `unix:/path` */
  readonly address: string;
  readonly #destination: string;
  readonly #parts: SshBridgeParts;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #failure = "";
  #carrying: Promise<void> | undefined;
  #notBefore = 0;

  private constructor(destination: string, path: string, parts: SshBridgeParts) {
    this.address = `unix:${path}`;
    this.#destination = destination;
    this.#parts = parts;
    this.#server = createServer((socket) => void this.#lead(socket));
    this.#server.on("error", (error) => (this.#failure = error.message));
    this.#server.listen(path);
  }

  static open(destination: string, parts: SshBridgeParts): SshBridge {
    const path = join(parts.folder, `ssh-${createHash("sha256").update(destination).digest("hex").slice(0, 12)}.sock`);
    rmSync(path, { force: true });
    return new SshBridge(destination, path, parts);
  }

  /** What ssh said when it failed last; empty once a connection stands. */
  get failure(): string {
    return this.#failure;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #lead(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
    await this.#carrying;
    if (socket.destroyed) return;
    const child = spawn("ssh", sshArguments(this.#destination, this.#parts.folder, nodePipeCommand(carriedName())), { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said = (said + String(chunk)).slice(-maxSaid)));
    child.stdout.once("data", () => (this.#failure = ""));
    child.on("error", (error) => (said = error.message));
    child.on("close", (code) => {
      socket.destroy();
      const build = code === carryFirst ? carryAsked.exec(said)?.[1] : undefined;
      if (build !== undefined) this.#carry(build);
      else if (code !== 0 && code !== null) this.#failed(`ssh to ${this.#destination} failed: ${reasonIn(said)}`);
    });
    for (const stream of [child.stdin, child.stdout]) stream.on("error", () => undefined);
    socket.on("close", () => void child.kill());
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
  }

  /** The next connection, which gRPC makes by itself, finds it there. */
  #carry(build: string): void {
    const { clock, log, folder } = this.#parts;
    if (this.#carrying || clock.monotonicMs() < this.#notBefore) return;
    this.#notBefore = clock.monotonicMs() + carryAgainMs;
    if (build !== ourBuild) {
      this.#failed(`Dispatch is not installed at ${this.#destination}, and its Node.js (${build}) cannot run what is here (${ourBuild}): install it there, such as with \`dispatch node add\`.`);
      return;
    }
    log.info({ destination: this.#destination }, "nothing of ours is installed there: the program is carried over");
    this.#carrying = carryProgram(this.#destination, folder)
      .catch((error: unknown) => this.#failed(`ssh to ${this.#destination}: ${(error as Error).message}`))
      .finally(() => (this.#carrying = undefined));
  }

  #failed(why: string): void {
    this.#failure = why;
    this.#parts.log.warn({ destination: this.#destination, why }, "a machine cannot be reached over ssh");
  }
}

/** What our own program says is followed by a hint for who sits there; ssh tells the reason last. */
function reasonIn(said: string): string {
  return /^dispatch: (.+)$/m.exec(said)?.[1] ?? said.trim().split("\n").at(-1) ?? "";
}
