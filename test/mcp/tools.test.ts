import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import fc from "fast-check";
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

const readers = [
  "dispatch_capture", "dispatch_status", "dispatch_show", "dispatch_list", "dispatch_targets", "dispatch_nodes", "dispatch_wait", "dispatch_watch", "dispatch_schedules", "dispatch_loops", "dispatch_occurrences",
  "dispatch_triage", "dispatch_self_heal_diagnose", "dispatch_fleet_summary", "dispatch_daemon_status", "dispatch_daemon_doctor",
];
const changers = [
  "dispatch_send", "dispatch_key", "dispatch_exec", "dispatch_schedule", "dispatch_loop", "dispatch_edit", "dispatch_run_now", "dispatch_cancel", "dispatch_pause", "dispatch_resume", "dispatch_clear", "dispatch_recover",
  "dispatch_daemon_start", "dispatch_daemon_stop", "dispatch_daemon_ensure", "dispatch_daemon_restart", "dispatch_daemon_service",
];

describe("the MCP server", () => {
  it("offers its tools, each with what it takes and gives, and whether it changes anything", async () => {
    const { tools } = await client.listTools();
    const named = (isReader: boolean): string[] => tools.filter(({ annotations }) => annotations?.readOnlyHint === isReader).map(({ name }) => name).toSorted();
    expect(named(true)).toEqual(readers.toSorted());
    expect(named(false)).toEqual(changers.toSorted());
    for (const { inputSchema, outputSchema, description, annotations, title } of tools) {
      expect([description, title]).toEqual([expect.any(String), expect.any(String)]);
      expect(annotations).toMatchObject({ destructiveHint: expect.any(Boolean), idempotentHint: expect.any(Boolean), openWorldHint: expect.any(Boolean) });
      expect(outputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
      for (const field of Object.values(inputSchema.properties ?? {})) expect(field).toMatchObject({ description: expect.any(String) });
    }
  });

  it("sends, and looks the delivery up: what is usually needed, or everything", async () => {
    const asked = { target: "idle", prompt: "hello", key: "k", waitFor: "finished", timeoutSeconds: 30 };
    const sent = await call("dispatch_send", asked);
    expect(sent).toMatchObject({ isError: false, structured: { status: "delivered", key: "k", answer: "forty-two", evidence: { source: "record", exact: true } } });
    expect(sent.structured).not.toHaveProperty("steps");
    expect(JSON.parse(sent.text as string)).toEqual(sent.structured);
    expect((await call("dispatch_send", { ...asked, verbose: true })).structured).toMatchObject({ options: { timeoutMs: 30_000, waitFor: "finished" }, steps: expect.any(Array) });
    const { id } = sent.structured!;
    expect((await call("dispatch_status", { id })).structured).toMatchObject({ id, status: "delivered" });
    expect((await call("dispatch_show", { id })).structured).toMatchObject({ id, steps: expect.any(Array) });
    expect((await call("dispatch_list", { status: "delivered", limit: 1 })).structured).toMatchObject({ items: [{ id }], count: 1, limit: 1, hasMore: true, compact: true, hint: expect.stringContaining("more") });
    expect((await call("dispatch_wait", { id })).structured).toMatchObject({ id, answer: "forty-two" });
  });

  it("many targets: the predecessor's counts and one record each; commas in a target are part of it", async () => {
    expect((await call("dispatch_send", { targets: [{ target: "idle" }, { target: "busy" }], prompt: "hello" }))).toMatchObject({
      isError: true, structured: { status: "failed", requested: 2, delivered: 1, skipped: 1, records: [{ status: expect.any(String) }, { status: expect.any(String) }] },
    });
    expect((await call("dispatch_send", { select: { agent: "claude", session: "idle" }, prompt: "hello" })).structured).toMatchObject({ status: "completed", delivered: 1 });
    expect((await call("dispatch_send", { target: "idle,busy", prompt: "hello" })).structured).toMatchObject({ target: expect.stringContaining("idle,busy") });
  });

  it("a refusal is a tool error that still has the whole delivery", async () => {
    expect(await call("dispatch_send", { target: "busy", prompt: "hello" })).toMatchObject({ isError: true, structured: { status: "refused", reason: "agent_busy", hint: expect.any(String) } });
  });

  it.each([
    ["dispatch_send", { target: "elsewhere/idle", prompt: "x" }, "unknown_machine"],
    ["dispatch_send", { target: "idle", prompt: " " }, "empty_prompt"],
    ["dispatch_send", { prompt: "x" }, "invalid_argument"],
    ["dispatch_send", { target: "idle" }, "invalid_argument"],
    ["dispatch_send", { target: "idle", prompt: "x", promptFile: "/x" }, "invalid_argument"],
    ["dispatch_send", { target: "idle", promptFile: "/nowhere" }, "unreadable_file"],
    ["dispatch_send", { target: "idle", prompt: "x", queue: true, forceActive: true }, "invalid_argument"],
    ["dispatch_capture", { target: "" }, "invalid_argument"],
    ["dispatch_exec", { target: "idle", command: "ls", policyFile: "any.json" }, "policy_denied"],
    ["dispatch_schedule", { target: "idle", prompt: "x" }, "invalid_argument"],
    ["dispatch_schedule", { prompt: "x", in: "1h" }, "invalid_argument"],
    ["dispatch_loop", { target: "idle", prompt: "x", every: "1h", retryFor: "soon" }, "invalid_argument"],
    ["dispatch_schedule", { target: "idle", prompt: "x", in: "1h", every: "1h" }, "invalid_argument"],
    ["dispatch_pause", { id: "nope" }, "schedule_not_found"],
    ["dispatch_occurrences", { id: "nope" }, "schedule_not_found"],
    ["dispatch_cancel", { id: "nope" }, "schedule_not_found"],
  ])("%s %o fails with the reason %s", async (name, input, reason) => {
    const { isError, structured, text } = await call(name, input);
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ error: { reason, detail: expect.any(String), hint: expect.any(String) } });
    expect(JSON.parse(text as string)).toEqual(structured);
  });

  it("asking for what is not there is no error of the question", async () => {
    expect(await call("dispatch_status", { id: "nope" })).toMatchObject({ isError: false, structured: { error: "not found", id: "nope" } });
  });

  it.each([["dispatch_send", { target: "idle", prompt: "x", onBusy: "sometimes" }, "onBusy"], ["dispatch_list", { limit: 0 }, "limit"], ["dispatch_exec", { target: "idle", command: "ls", allowPrefixes: ["rm"] }, "allowPrefixes"]])(
    "%s %o is refused before anything happens", async (name, input, field) => {
      const { isError, text } = await call(name, input);
      expect([isError, text]).toEqual([true, expect.stringContaining(field)]);
    });

  it("lists and reads panes on the server that it runs in", async () => {
    expect((await call("dispatch_targets", { server: "/run/mine" })).structured).toMatchObject({ items: [{ target: "idle:0.0", server: "/run/mine", agentKind: "claude", state: "idle" }, {}], compact: true });
    expect((await call("dispatch_targets", { server: "/run/mine", verbose: true })).structured).toMatchObject({ items: [{ detection: { agentStarted: "9007199254740993" } }, {}] });
    expect((await call("dispatch_capture", { target: "idle", lines: 2 })).structured).toMatchObject({ text: "line 1\nline 2", lines: 2, pane: { server: "/run/mine" } });
    expect((await call("dispatch_capture", { target: "idle", messages: 5 })).structured).toMatchObject({ messages: [{ speaker: "user" }, { speaker: "agent" }] });
    expect((await call("dispatch_nodes")).structured).toMatchObject({ items: [{ reachable: true, transport: "unix" }] });
    expect((await call("dispatch_fleet_summary")).structured).toMatchObject({ schemaVersion: expect.any(String) });
    expect((await call("dispatch_triage", { target: "idle" })).structured).toMatchObject({ action: { kind: "send" } });
    expect((await call("dispatch_recover", { target: "idle", prompt: "go on" })).structured).toMatchObject({ status: "planned" });
    expect((await call("dispatch_watch", { target: "idle", states: ["idle"], timeoutSeconds: 5 })).structured).toMatchObject({ changed: true, state: "idle" });
    expect((await call("dispatch_watch", { target: "idle", states: ["dialog"], timeoutSeconds: 0.2 })).structured).toMatchObject({ changed: false, state: "idle" });
  });

  it("schedules: made, listed, held, run, ended, removed", async () => {
    const made = (await call("dispatch_schedule", { target: "idle", prompt: "later", in: "1h", name: "later" })).structured!;
    expect(made).toMatchObject({ kind: "schedule", status: "scheduled", name: "later" });
    expect((await call("dispatch_loop", { target: "idle", prompt: "again", every: "1h" })).structured).toMatchObject({ kind: "loop", every: 3_600_000 });
    expect((await call("dispatch_schedules")).structured).toMatchObject({ count: 2 });
    expect((await call("dispatch_edit", { id: "later", in: "2h", retryFor: "10m", verbose: true })).structured).toMatchObject({ id: made["id"], status: "scheduled", nextRun: expect.not.stringMatching(String(made["nextRun"])), policy: { retryWindowMs: 600_000 } });
    expect(await call("dispatch_edit", { id: "later" })).toMatchObject({ isError: true, structured: { error: { reason: "invalid_argument", detail: expect.stringContaining("Nothing to change") } } });
    for (const name of ["dispatch_status", "dispatch_show"]) expect(await call(name, { id: "later" })).toMatchObject({ isError: false, structured: { id: made["id"], status: "scheduled", promptPreview: "later" } });
    expect((await call("dispatch_schedules")).text).not.toContain('"options"');
    expect((await call("dispatch_schedules", { verbose: true })).text).toContain('"options"');
    expect((await call("dispatch_loops")).structured).toMatchObject({ items: [{ kind: "loop" }] });
    expect((await call("dispatch_pause", { id: "later" })).structured).toMatchObject({ paused: true, status: "paused" });
    expect((await call("dispatch_resume", { id: "later" })).structured).toMatchObject({ resumed: true, status: "scheduled" });
    expect((await call("dispatch_run_now", { id: "later" })).structured).toMatchObject({ status: "delivered" });
    expect((await call("dispatch_occurrences", { id: "later", status: "failed" })).structured).toMatchObject({ count: 0 });
    expect((await call("dispatch_occurrences", { id: "later" })).structured).toMatchObject({ items: [{ status: "delivered" }] });
    expect((await call("dispatch_cancel", { id: "later" })).structured).toMatchObject({ cancelled: true, status: "cancelled" });
    expect((await call("dispatch_clear", { id: "later" })).structured).toMatchObject({ cleared: true });
    expect((await call("dispatch_status", { id: "later" })).structured).toMatchObject({ error: "not found" });
  });

  it("tells how far it is where it is asked to", async () => {
    const told: string[] = [];
    // The client's library drops what it reads together with the answer: it comes a while after the first steps.
    await client.callTool({ name: "dispatch_send", arguments: { target: "hold", prompt: "hello", timeoutSeconds: 0.5 } }, undefined, { onprogress: ({ message }) => told.push(message ?? "") });
    expect(told[0]).toMatch(/^accepted/);
  });

  it("a call that is given up stops what was not submitted yet", async () => {
    const stop = new AbortController();
    const calling = client.callTool({ name: "dispatch_send", arguments: { target: "hold", prompt: "hello", key: "given up" } }, undefined, { signal: stop.signal, onprogress: () => stop.abort("enough") });
    await expect(calling).rejects.toThrow();
    await expect.poll(async () => (await call("dispatch_status", { id: "given up" })).structured?.["status"], { timeout: 5_000 }).toBe("cancelled");
  });

  it("a delivery and the fleet are resources, and tell when they change", async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate).toSorted()).toEqual(["dispatch://conversations/{machine}/{target}", "dispatch://deliveries/{id}", "dispatch://panes/{machine}/{target}"]);
    const read = async (uri: string): Promise<string> => ((await client.readResource({ uri })).contents[0] as { text: string }).text;
    expect(JSON.parse(await read("dispatch://deliveries/k"))).toMatchObject({ key: "k", status: "delivered" });
    expect(JSON.parse(await read("dispatch://fleet"))).toMatchObject([{ target: "idle:0.0", state: "idle" }, {}]);
    expect(await read(`dispatch://panes/local/${encodeURIComponent("idle:0.0")}`)).toContain("line 1");
    await expect(read("dispatch://deliveries/nope")).rejects.toMatchObject({ code: -32_002, data: { reason: "delivery_not_found" }, message: expect.stringContaining("No delivery") });
    await expect(read("dispatch://panes/local/%E0%A4%A")).rejects.toMatchObject({ code: -32_602, data: { reason: "invalid_argument" } });
    // Nobody is told that it will be told of what is not there.
    for (const uri of ["dispatch://deliveries/nope", "dispatch://panes/local/gone", "dispatch://panes/nowhere/idle", "dispatch://nothing", "dispatch://fleet/x", "file:///etc/passwd"]) await expect(client.subscribeResource({ uri })).rejects.toMatchObject({ data: { reason: expect.any(String) } });
    await call("dispatch_send", { target: "hold", prompt: "x", key: "watched", waitFor: "accepted" });
    const changed = new Promise<string>((resolve) => client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri)));
    await client.subscribeResource({ uri: "dispatch://deliveries/watched" });
    await call("dispatch_cancel", { id: "watched" });
    expect(await changed).toBe("dispatch://deliveries/watched");
    await client.unsubscribeResource({ uri: "dispatch://deliveries/watched" });
  });

  it("has prompts for the common jobs", async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name).toSorted()).toEqual(["broadcast", "check-fleet", "delegate", "recover"]);
    const { messages } = await client.getPrompt({ name: "delegate", arguments: { target: "work:agent", task: "fix it" } });
    expect((messages[0]!.content as { text: string }).text).toContain("work:agent");
  });

  it("whatever JSON is thrown at a tool, it answers with a schema error or a reason, never with a stack", async () => {
    const { tools } = await client.listTools();
    const safe = tools.map(({ name }) => name).filter((name) => !name.startsWith("dispatch_daemon") && name !== "dispatch_watch" && name !== "dispatch_wait");
    const field = fc.constantFrom("target", "prompt", "id", "key", "targets", "lines", "every", "command", "select", "limit", "server", "machine", "text");
    await fc.assert(fc.asyncProperty(fc.constantFrom(...safe), fc.dictionary(field, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }), async (name, input) => {
      const { isError, text } = await call(name, input);
      expect(text).not.toMatch(/\bat .*\.js:\d+|internal error|Output validation|"internal"/);
      if (!isError) expect(JSON.parse(text as string)).toEqual(expect.any(Object));
    }), { numRuns: 150 });
  }, 60_000);

  it("a background process that was killed is started again for the next call", async () => {
    process.kill(bed.pid(), "SIGKILL");
    expect((await call("dispatch_status", { id: "k" })).structured).toMatchObject({ status: "delivered" });
    expect((await call("dispatch_daemon_status")).structured).toMatchObject({ running: true, health: "alive" });
  });
});
