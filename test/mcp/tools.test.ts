import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();
const client = new Client({ name: "test", version: "1" });

beforeAll(async () => {
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [bed.program("dispatch-mcp")], env: { ...bed.env, TMUX: "/run/mine,1,0" }, stderr: "inherit" }));
});
afterAll(() => client.close());

interface Called {
  readonly isError: boolean;
  readonly structured: Record<string, unknown> | undefined;
  readonly text: unknown;
}

async function call(name: string, input: Record<string, unknown> = {}): Promise<Called> {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: input });
  return { isError: isError === true, structured: structuredContent as Called["structured"], text: (content as { text: string }[])[0]!.text };
}

describe("the MCP server", () => {
  it("offers its tools, each with what it takes and gives; only sending changes anything", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ["dispatch_send", false], ["dispatch_targets", true], ["dispatch_capture", true], ["dispatch_status", true], ["dispatch_list", true],
    ]);
    for (const { inputSchema, outputSchema, description } of tools) {
      expect(description).toBeTruthy();
      expect(outputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
      for (const field of Object.values(inputSchema.properties ?? {})) expect(field).toMatchObject({ description: expect.any(String) });
    }
  });

  it("sends, and looks the delivery up", async () => {
    const sent = await call("dispatch_send", { target: "idle", prompt: "hello", key: "k", waitFor: "finished", timeoutSeconds: 30 });
    expect(sent).toMatchObject({ isError: false, structured: { status: "delivered", key: "k", answer: "forty-two", evidence: { source: "record", exact: true }, options: { timeoutMs: 30_000, waitFor: "finished" } } });
    expect(JSON.parse(sent.text as string)).toEqual(sent.structured);
    const { id } = sent.structured!;
    expect((await call("dispatch_status", { id })).structured).toMatchObject({ id, status: "delivered" });
    expect((await call("dispatch_list", { status: "delivered", limit: 5 })).structured).toMatchObject({ deliveries: [{ id }] });
  });

  it("a refusal is a tool error that still has the whole delivery", async () => {
    expect(await call("dispatch_send", { target: "busy", prompt: "hello" })).toMatchObject({ isError: true, structured: { status: "refused", reason: "agent_busy", hint: expect.any(String) } });
  });

  it.each([
    ["dispatch_send", { target: "elsewhere/idle", prompt: "x" }, "unknown_machine"],
    ["dispatch_send", { target: "idle", prompt: " " }, "empty_prompt"],
    ["dispatch_status", { id: "nope" }, "delivery_not_found"],
    ["dispatch_capture", { target: "" }, "invalid_argument"],
  ])("%s %o fails with the reason %s", async (name, input, reason) => {
    const { isError, text } = await call(name, input);
    expect(isError).toBe(true);
    expect(JSON.parse(text as string)).toMatchObject({ error: { reason, detail: expect.any(String), hint: expect.any(String) } });
  });

  it("what does not fit a tool's input is refused before anything happens", async () => {
    const { isError, text } = await call("dispatch_send", { target: "idle", prompt: "x", onBusy: "force" });
    expect([isError, text]).toEqual([true, expect.stringContaining("onBusy")]);
  });

  it("lists and reads panes on the server that it runs in", async () => {
    expect((await call("dispatch_targets", { server: "/run/mine" })).structured).toMatchObject({ targets: [{ target: "idle:0.0", server: "/run/mine", detection: { agentKind: "claude", agentStarted: "9007199254740993" } }, {}] });
    expect((await call("dispatch_capture", { target: "idle", lines: 2 })).structured).toMatchObject({ text: "line 1\nline 2", lines: 2, pane: { server: "/run/mine" } });
  });

  it("a background process that was killed is started again for the next call", async () => {
    process.kill(bed.pid(), "SIGKILL");
    expect((await call("dispatch_status", { id: "k" })).structured).toMatchObject({ status: "delivered" });
  });
});
