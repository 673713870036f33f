import { spawn, type ChildProcess } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("tcp-proxy.mjs", import.meta.url));

/** A TCP proxy on a machine of its own, that carries connections as badly as it is told to. */
export class TcpProxy {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout! });
  }

  static async start(runner: readonly string[], listen: string, target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(spawn("env", [...runner, process.execPath, program, listen, target], { stdio: ["pipe", "pipe", "inherit"] }));
    await proxy.#line("ready");
    return proxy;
  }

  /** `pass`, `stall`, `cut`, `half-open` or `delay MS`; resolves once it holds. */
  async be(line: string): Promise<void> {
    const done = this.#line(line);
    this.#child.stdin!.write(`${line}\n`);
    await done;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => void this.#child.once("close", resolve));
    this.#child.stdin!.end();
    await ended;
  }

  #line(wanted: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const seen = (line: string): void => {
        if (line !== wanted) return;
        this.#lines.off("line", seen);
        resolve();
      };
      this.#lines.on("line", seen);
      this.#child.once("error", reject);
    });
  }
}
