import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Log } from "../../core/log.js";
import { remotePath, sshArguments } from "../../core/ssh/ssh-arguments.js";

const maxSaid = 2_000;

/**
 * A unix socket here that leads to the node of another machine: each connection is one command there, through OpenSSH. Nothing listens on
 * a network, and who may is for ssh to say.
 */
export class SshBridge {
  /** `unix:/path` */
  readonly address: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #failure = "";

  private constructor(path: string, server: Server) {
    this.address = `unix:${path}`;
    this.#server = server;
  }

  /** `folder` is private, and its path short enough for sockets. */
  static open(destination: string, folder: string, log: Log): SshBridge {
    const path = join(folder, `ssh-${createHash("sha256").update(destination).digest("hex").slice(0, 12)}.sock`);
    rmSync(path, { force: true });
    const bridge: SshBridge = new SshBridge(path, createServer((socket) => bridge.#lead(socket, destination, folder, log)));
    bridge.#server.on("error", (error) => (bridge.#failure = error.message));
    bridge.#server.listen(path);
    return bridge;
  }

  /** What ssh said when it failed last; empty once a connection stands. */
  get failure(): string {
    return this.#failure;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #lead(socket: Socket, destination: string, folder: string, log: Log): void {
    const child = spawn("ssh", sshArguments(destination, folder, `${remotePath} exec dispatch node pipe`), { stdio: ["pipe", "pipe", "pipe"] });
    let said = "";
    this.#sockets.add(socket);
    child.stderr.on("data", (chunk: Buffer) => (said = (said + String(chunk)).slice(-maxSaid)));
    child.stdout.once("data", () => (this.#failure = ""));
    child.on("error", (error) => (said = error.message));
    child.on("close", (code) => {
      socket.destroy();
      if (code === 0 || code === null) return;
      this.#failure = `ssh to ${destination} failed: ${said.trim().split("\n").at(-1) ?? ""}`;
      log.warn({ destination, why: this.#failure }, "a machine cannot be reached over ssh");
    });
    for (const stream of [socket, child.stdin, child.stdout]) stream.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      child.kill();
    });
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
  }
}
