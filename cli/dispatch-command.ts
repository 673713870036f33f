import { Command, Option } from "clipanion";
import { resolve } from "node:path";
import type { LoadedConfig } from "../core/config/load-config.js";
import { onInterrupt } from "./on-interrupt.js";
import type { DispatchClient } from "../sdk/index.js";

/** Options and methods that every verb has. The libraries behind them are loaded when a verb runs, not for its help. */
export abstract class DispatchCommand extends Command {
  dataDir = Option.String("--data-dir", { description: "State folder (default: dataDir of the configuration)." });
  json = Option.Boolean("--json", false, { description: "Print JSON for programs." });

  #loaded: LoadedConfig | undefined;

  protected async loadConfig(): Promise<LoadedConfig> {
    const { loadConfig } = await import("../core/config/load-config.js");
    // An empty one (`--data-dir "$UNSET"`) is not the folder of the caller, which would get our files and our rights.
    return (this.#loaded ??= loadConfig({ flags: { dataDir: this.dataDir ? resolve(this.dataDir) : this.dataDir, autostart: this.autostartFlag() } }));
  }

  /** `false` where the verb was told not to start the background process. */
  protected autostartFlag(): boolean | undefined {
    return undefined;
  }

  protected print(text: string): void {
    this.context.stdout.write(text);
  }

  /** Something a person may want to know, beside the output. */
  protected notice(text: string): void {
    this.context.stderr.write(`dispatch: ${text}\n`);
  }

  /** Of a list that is as long as it may be: that it may not be all. */
  protected noticeMore(shown: number, limit: number): void {
    if (shown >= limit) this.notice(`The latest ${shown} are shown; there may be more. --limit shows up to 1000.`);
  }

  /** One line on a person's terminal that replaces itself; an empty text removes it. */
  protected progress(text: string): void {
    const { stderr } = this.context;
    if ("isTTY" in stderr && stderr.isTTY === true) stderr.write(`\r\u001B[K${text}`);
  }

  protected printJson(value: unknown): void {
    this.print(`${JSON.stringify(value, null, 2)}\n`);
  }
}

/** A verb that talks to the coordinator. */
export abstract class ClientCommand extends DispatchCommand {
  noAutostart = Option.Boolean("--no-autostart", false, { description: "Fail where the background process does not run." });

  protected override autostartFlag(): boolean | undefined {
    return this.noAutostart ? false : undefined;
  }

  /** Runs `action` until it ends, a person interrupts it, or nobody reads any more. */
  protected async untilInterrupted(action: (signal: AbortSignal) => Promise<void>): Promise<number> {
    const stop = new AbortController();
    const forget = onInterrupt(() => stop.abort());
    this.context.stdout.once("error", () => stop.abort());
    try {
      await action(stop.signal);
    } finally {
      forget();
    }
    return 0;
  }

  /** Runs `action` with a connection, and closes it whatever happens. */
  protected async withClient<T>(action: (client: DispatchClient) => Promise<T>): Promise<T> {
    const { DispatchClient } = await import("../sdk/index.js");
    const client = await DispatchClient.connect({ config: (await this.loadConfig()).config, onNotice: (text) => this.notice(text) });
    try {
      return await action(client);
    } finally {
      client.close();
    }
  }
}
