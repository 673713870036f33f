import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refuses, says, startModelProvider, type ModelProvider } from "../sdk/ai/model-provider.js";
import { Product, type TestAgent } from "../testkit/product/product.js";

let product: Product;
let agent: TestAgent;
const providers: ModelProvider[] = [];
beforeAll(async () => {
  product = await Product.create();
  agent = await product.agent();
});
afterAll(async () => {
  for (const provider of providers) await provider.close();
});

const capture = (...flags: string[]): ReturnType<Product["dispatch"]> => product.dispatch(["capture", "--server", product.tmux.socket, "--to", agent.target, ...flags]);

describe("capture --messages", () => {
  it("is what was said, from the agent's record: oldest first, redacted, the last ones with --limit", async () => {
    for (const prompt of ["the first one", "password=hunter22x is the second"]) expect((await product.send(agent.target, prompt, "--wait", "finished")).status).toBe("delivered");
    const { stdout, code } = await capture("--messages", "--json");
    expect(code).toBe(0);
    expect(stdout).not.toContain("hunter22x");
    const said = (JSON.parse(stdout) as { messages: { speaker: string; text: string }[] }).messages;
    expect(said.filter(({ speaker }) => speaker === "user").map(({ text }) => text)).toEqual(["the first one", "password=<redacted:secret> is the second"]);
    const last = await capture("--messages", "--limit", "1", "--json");
    expect((JSON.parse(last.stdout) as { messages: unknown[] }).messages).toEqual(said.slice(-1));
    expect((await capture("--messages")).stdout).toContain("the first one\n");
  });
});

describe("capture --ai", () => {
  it("no key: the text all the same, exit code 1, and what to do", async () => {
    const ran = await capture("--ai", "--json");
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({ status: "captured", ai: { status: "failed", provider: "none", detail: expect.stringContaining("GROQ_API_KEY") as string } });
    const plain = await capture("--ai");
    expect(plain.code).toBe(1);
    expect(plain.stdout).not.toBe("");
    expect(plain.stderr).toContain("GROQ_API_KEY");
  });

  it("--transform: only what is redacted leaves, and the answer is printed", async () => {
    const provider = await startModelProvider(says("nothing blocks it"));
    providers.push(provider);
    product.setVariable("DISPATCH_AI_BASE_URL", provider.baseUrl);
    const { code, stdout } = await capture("--transform", "blockers", "--provider", "groq", "--model", "m1", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ai: { status: "completed", provider: "groq", model: "m1", transform: "blockers", text: "nothing blocks it" } });
    expect(provider.asked).toHaveLength(1);
    expect(JSON.stringify(provider.asked)).not.toContain("hunter22x");
    expect((await capture("--prompt", "what now? api_key=abcdef123")).stdout).toContain("nothing blocks it");
    expect(provider.asked[1]?.body.messages.at(-1)?.content).toContain("what now? api_key=<redacted:secret>");
  });

  it("a provider that refuses: the text all the same", async () => {
    const provider = await startModelProvider(refuses(401, "bad key"));
    providers.push(provider);
    product.setVariable("DISPATCH_AI_BASE_URL", provider.baseUrl);
    const ran = await capture("--ai", "--json");
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({ status: "captured", ai: { status: "failed" } });
  });

  it.each([
    [["--transform", "sumary"]], [["--ai", "--provider", "grok"]], [["--provider", "groq"]], [["--model", "m"]], [["--ai", "--follow"]], [["--messages", "--follow"]],
    [["--messages", "--ai"]], [["--messages", "--lines", "5"]], [["--limit", "5"]], [["--messages", "--limit", "1001"]],
  ])("refuses %j", async (flags) => {
    const ran = await capture(...flags);
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
  });
});
