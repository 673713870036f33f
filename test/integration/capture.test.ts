import { beforeAll, describe, expect, it } from "vitest";
import { Product } from "../testkit/product/product.js";
import { eventually } from "../testkit/tmux.js";

let product: Product;
let pane: string;
beforeAll(async () => {
  product = await Product.create();
  const opened = await product.tmux.open({ session: "shell", window: "one", cwd: product.dir, width: 60, height: 20, command: ["bash", "--norc"] });
  pane = opened.paneId;
});

const at = (): string[] => ["--server", product.tmux.socket, "--to", pane];
const say = (text: string): Promise<string> => product.tmux.run("send-keys", "-t", pane, `echo ${text}`, "Enter");

describe("capture", () => {
  it("is redacted on the node, and tells how often", async () => {
    await say("GITHUB_TOKEN=ghp_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3");
    await eventually(async () => (await product.tmux.screen(pane)).match(/ghp_/gu)?.length === 2, "the output");
    const { stdout } = await product.dispatch(["capture", ...at(), "--json"]);
    expect(stdout).not.toContain("aB3aB3");
    expect(JSON.parse(stdout)).toMatchObject({ status: "captured", redacted: true, requestedLines: 200, maxLines: 2000 });
    expect((JSON.parse(stdout) as { redactions: number }).redactions).toBeGreaterThanOrEqual(2);
    expect((JSON.parse(stdout) as { text: string }).text).toContain("<redacted:github-token>");
  });

  it("takes 2000 lines at most, and at least one", async () => {
    for (const lines of ["0", "many"]) expect((await product.dispatch(["capture", ...at(), "--lines", lines])).code).toBe(2);
    const more = await product.dispatch(["capture", ...at(), "--lines", "99999", "--json"]);
    expect(JSON.parse(more.stdout)).toMatchObject({ requestedLines: 99_999, maxLines: 2000 });
    expect(more.stderr).toContain("2000 are given at most");
  });

  it("--follow: each new line once, redacted, until the pane is gone", async () => {
    const own = await product.tmux.open({ session: "shell", window: "followed", cwd: product.dir, width: 60, height: 20, command: ["bash", "--norc"] });
    const child = product.spawn(["capture", "--server", product.tmux.socket, "--to", own.paneId, "--follow", "--json"]);
    let out = "";
    child.stdout?.on("data", (chunk: Buffer) => (out += String(chunk)));
    const told = (): string => out.split("\n").filter((line) => line !== "").map((line) => (JSON.parse(line) as { text: string }).text).join("");
    for (const word of ["first", "second", "password=hunter22x"]) {
      await product.tmux.run("send-keys", "-t", own.paneId, `echo said-${word}`, "Enter");
      await eventually(() => told().includes(word === "password=hunter22x" ? "said-password=<redacted" : `said-${word}\n`), `the line ${word}`);
    }
    await product.tmux.run("kill-pane", "-t", own.paneId);
    await new Promise((resolve) => child.once("close", resolve));
    expect(out.trimEnd().split("\n").at(-1)).toBe('{"text":"","gone":true}');
    expect(told().match(/^said-first$/gmu)).toHaveLength(1);
    expect(told()).not.toContain("hunter22x");
  });

  it("a pane that is not there is said to be not found", async () => {
    const ran = await product.dispatch(["capture", "--server", product.tmux.socket, "--to", "%999", "--follow"]);
    expect(ran.code).toBe(8);
  });
});
