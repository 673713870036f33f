import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paneInput, type PaneInput } from "../product/pane-input.js";
import type { Product } from "../product/product.js";
import { eventually } from "../tmux.js";

interface CodewithSettings {
  readonly turnMs?: number;
  readonly hold?: boolean;
  /** What is queued waits for another account, and says so. */
  readonly accountLimit?: boolean;
}

interface CodewithEvent {
  readonly event: string;
  readonly text?: string;
  readonly hex?: string;
}

export interface CodewithAgent {
  readonly paneId: string;
  readonly target: string;
  control(settings: CodewithSettings): Promise<void>;
  input(): Promise<PaneInput>;
  /** Texts that it took as prompts, in order. */
  submitted(): Promise<string[]>;
  waitFor(event: string): Promise<CodewithEvent>;
}

const program = new URL("codewith.mjs", import.meta.url).href;

/** The stand-in, installed as its package is, in a window of the product's tmux server. */
export async function startCodewith(product: Product, settings: CodewithSettings = {}): Promise<CodewithAgent> {
  const window = `codewith${Math.random().toString(36).slice(2, 8)}`;
  const dir = join(product.dir, window);
  const [controlPath, logPath, installed] = [join(dir, "control.json"), join(dir, "log.jsonl"), join(dir, "node_modules/@hasna/codewith")];
  for (const folder of [join(dir, "work"), join(installed, "bin")]) await mkdir(folder, { recursive: true });
  await writeFile(join(installed, "package.json"), JSON.stringify({ name: "@hasna/codewith", version: "1.2.3", bin: { codewith: "bin/codewith.mjs" } }));
  await writeFile(join(installed, "bin/codewith.mjs"), `import ${JSON.stringify(program)};\n`);
  await writeFile(controlPath, JSON.stringify(settings));
  const command = [
    "env", "-i", `PATH=${process.env["PATH"]}`, `HOME=${dir}`, `CODEWITH_HOME=${join(dir, "home")}`, "TERM=tmux-256color", "LANG=C.UTF-8",
    `DEMO_AGENT_CONTROL=${controlPath}`, `DEMO_AGENT_LOG=${logPath}`, process.execPath, join(installed, "bin/codewith.mjs"),
  ];
  await appendFile(logPath, "");
  const { paneId } = await product.tmux.open({ session: "work", window, cwd: join(dir, "work"), width: 120, height: 30, command });
  const events = async (): Promise<CodewithEvent[]> => (await readFile(logPath, "utf8")).split("\n").filter(Boolean).map((line) => JSON.parse(line) as CodewithEvent);
  await eventually(async () => (await product.tmux.screen(paneId)).includes("5h 82% left"), "the stand-in to start");
  return {
    paneId, target: `work:${window}`,
    async control(next) {
      await writeFile(`${controlPath}.new`, JSON.stringify(next));
      await rename(`${controlPath}.new`, controlPath);
    },
    input: async () => paneInput(Buffer.concat((await events()).flatMap(({ hex }) => (hex === undefined ? [] : [Buffer.from(hex, "hex")])))),
    submitted: async () => (await events()).flatMap(({ event, text }) => (event === "submitted" && text !== undefined ? [text] : [])),
    waitFor: (wanted) => eventually(async () => (await events()).find(({ event }) => event === wanted), `the event ${wanted}`),
  };
}
