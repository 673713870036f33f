import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Delivery } from "../../../core/domain/delivery.js";
import { DispatchClient } from "../../../sdk/index.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The product under test, with a state folder of its own: the background process and the programs are those of the build. */
export class Dispatch {
  readonly client: DispatchClient;

  private constructor(client: DispatchClient) {
    this.client = client;
  }

  static async start(dataDir: string): Promise<Dispatch> {
    if (!existsSync(join(root, "dist"))) throw new Error("there is no build yet: npm run build");
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    // The background process takes these over; nothing of the person who runs the tests is used.
    process.env["DISPATCH_DATA_DIR"] = dataDir;
    process.env["XDG_CONFIG_HOME"] = join(dataDir, "config");
    return new Dispatch(await DispatchClient.connect());
  }

  /** Runs the command line, with these variables changed, and reads its one JSON object. */
  async cli(args: readonly string[], input = "", variables: Readonly<Record<string, string>> = {}): Promise<{ code: number; json: Partial<Delivery> & Record<string, unknown>; stderr: string }> {
    const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>((done, fail) => {
      const child = execFile(process.execPath, [join(root, "dist/dispatch.cjs"), ...args], { maxBuffer: 64 << 20, env: { ...process.env, ...variables } }, (error, out, err) => {
        if (error && typeof error.code !== "number") fail(error);
        else done({ code: Number(error?.code ?? 0), stdout: out, stderr: err });
      });
      child.stdin?.end(input);
    });
    try {
      return { code, json: stdout.trim() === "" ? {} : JSON.parse(stdout) as Record<string, unknown>, stderr };
    } catch (cause) {
      throw new Error(`no JSON on standard output (exit ${code}); standard error: ${stderr.slice(0, 500)}`, { cause });
    }
  }

  /** Pid of the background process. */
  async pid(): Promise<number> {
    return (await this.client.status()).pid;
  }

  async stop(): Promise<void> {
    await this.cli(["down", "--json"]).catch(() => undefined);
    this.client.close();
  }
}
