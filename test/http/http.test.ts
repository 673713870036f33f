import fc from "fast-check";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();
const tokens = { boss: randomBytes(24).toString("hex"), watcher: randomBytes(24).toString("hex"), narrow: randomBytes(24).toString("hex") };
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
let base = "";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function configure(where: typeof bed, config: object): void {
  const folder = join(where.home, ".config", "dispatch");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  configure(bed, {
    httpListen: `127.0.0.1:${port}`,
    httpTokens: [
      { name: "boss", sha256: sha256(tokens.boss), roles: ["admin"] }, { name: "watcher", sha256: sha256(tokens.watcher), roles: ["observe"] },
      { name: "narrow", sha256: sha256(tokens.narrow), roles: ["send"], targets: ["idle:*"] },
    ],
  });
  expect(await bed.dispatch(["up"])).toMatchObject({ code: 0 });
});

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly text: string;
}

async function call(method: string, path: string, { body, token = tokens.boss, headers = {} }: { body?: unknown; token?: string | undefined; headers?: Record<string, string> } = {}): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method, headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { "content-type": "application/json" }), ...headers }, ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {}, text };
}

const post = (path: string, options: object, more: Parameters<typeof call>[2] = {}): Promise<Answer> => call("POST", path, { body: { options }, ...more });

describe("/v1 over HTTP", () => {
  it("sends, replays by its idempotency key, and looks up", async () => {
    const sent = await post("/v1/dispatches", { target: "idle", prompt: "hello", waitFor: "finished" }, { headers: { "idempotency-key": "k1" } });
    expect(sent).toMatchObject({ status: 200, json: { status: "delivered", key: "k1", answer: "forty-two", evidence: { source: "record" } } });
    const again = await post("/v1/dispatches", { target: "idle", prompt: "hello", waitFor: "finished" }, { headers: { "idempotency-key": "k1" } });
    expect(again.json["id"]).toBe(sent.json["id"]);
    // A program has the same fields each time.
    for (const { json } of [sent, await call("GET", "/v1/dispatches/k1")]) expect(json).toMatchObject({ id: sent.json["id"], createdAt: expect.any(String), updatedAt: expect.any(String), steps: expect.any(Array) });
    expect((await call("GET", "/v1/dispatches/k1?verbose=false")).json).not.toHaveProperty("steps");
    expect(await call("GET", "/v1/dispatches?limit=1&status=delivered")).toMatchObject({ status: 200, json: { count: 1, items: [{ key: "k1" }] } });
    expect(await post("/v1/dispatches", { target: "idle", prompt: "something else" }, { headers: { "idempotency-key": "k1" } })).toMatchObject({ status: 409, json: { error: { reason: "key_conflict" } } });
  });

  it("a refusal is an outcome; what cannot be tried is an error with its status", async () => {
    expect(await post("/v1/dispatches", { target: "busy", prompt: "hello" })).toMatchObject({ status: 200, json: { status: "refused", reason: "agent_busy" } });
    expect(await call("GET", "/v1/dispatches/nope")).toMatchObject({ status: 404, json: { error: { reason: "delivery_not_found", hint: expect.any(String) } } });
    expect(await post("/v1/dispatches", { target: "idle", prompt: " " })).toMatchObject({ status: 400, json: { error: { reason: "empty_prompt" } } });
    expect(await post("/v1/dispatches", { target: "idle", prompt: "x", mood: "good" })).toMatchObject({ status: 400, json: { error: { reason: "invalid_argument", detail: expect.stringContaining("mood") } } });
    for (const path of ["/v1/schedules/nope", "/v1/loops/nope"]) expect(await call("GET", path)).toMatchObject({ status: 404, json: { error: { reason: "schedule_not_found" } } });
    // A delivery is no schedule, and the other way round.
    expect(await call("GET", "/v1/schedules/k1")).toMatchObject({ status: 404, json: { error: { reason: "schedule_not_found" } } });
    expect(await post("/v1/schedules", { target: "idle", prompt: "x", in: "1h", name: "no-delivery" })).toMatchObject({ status: 200 });
    expect(await call("GET", "/v1/dispatches/no-delivery")).toMatchObject({ status: 404, json: { error: { reason: "delivery_not_found" } } });
    expect(await call("DELETE", "/v1/schedules/no-delivery")).toMatchObject({ status: 200 });
    const latin1 = await fetch(`${base}/v1/dispatches`, { method: "POST", headers: { authorization: `bearer ${tokens.boss}` }, body: Buffer.from('{"options":{"target":"idle","prompt":"caf\u00e9"}}', "latin1") });
    expect([latin1.status, await latin1.json()]).toEqual([400, { error: expect.objectContaining({ reason: "invalid_argument", detail: expect.stringContaining("UTF-8") }) }]);
    expect(await call("GET", "/v1/nothing")).toMatchObject({ status: 404, json: { error: { reason: "not_found" } } });
    expect(await call("GET", "/v1/dispatches?limit=many")).toMatchObject({ status: 400 });
  });

  it("every other path of the predecessor's client", async () => {
    expect(await post("/v1/dispatches/bulk", { targets: [{ target: "idle" }, { target: "busy" }], prompt: "hello" })).toMatchObject({ status: 200, json: { requested: 2, delivered: 1, records: [{}, {}] } });
    expect(await post("/v1/captures", { target: "idle", lines: 2 })).toMatchObject({ status: 200, json: { text: "line 1\nline 2" } });
    expect(await post("/v1/exec", { target: "idle", command: "ls", dryRun: true })).toMatchObject({ status: 200, json: { kind: "exec" } });
    expect(await post("/v1/keys", { target: "idle", key: "Escape" })).toMatchObject({ status: 200, json: { kind: "key" } });
    expect(await call("GET", "/v1/targets")).toMatchObject({ status: 200, json: { items: [{ target: "idle:0.0", detection: { state: "idle" } }, {}], compact: false } });
    expect(await call("GET", `/v1/targets?select=${encodeURIComponent('{"state":"busy"}')}`)).toMatchObject({ status: 200, json: { count: 1, items: [{ target: "busy:0.0" }] } });
    expect(await call("GET", "/v1/targets?select=busy")).toMatchObject({ status: 400, json: { error: { reason: "invalid_argument" } } });
    expect(await call("GET", "/v1/nodes")).toMatchObject({ status: 200, json: { items: [{ reachable: true }] } });
    expect(await post("/v1/triage", { target: "idle" })).toMatchObject({ status: 200, json: { action: { kind: "send" } } });
    expect(await post("/v1/recover", { target: "idle", prompt: "go on" })).toMatchObject({ status: 200, json: { status: "planned" } });
    expect(await post("/v1/fleet/summary", {})).toMatchObject({ status: 200, json: { schemaVersion: "dispatch.fleet_summary.v1" } });
    expect(await post("/v1/schedules", { target: "idle", prompt: "later", in: "1h", name: "later" })).toMatchObject({ status: 200, json: { status: "scheduled" } });
    expect(await post("/v1/loops", { target: "idle", prompt: "again", every: "1h", name: "again" })).toMatchObject({ status: 200, json: { kind: "loop" } });
    expect(await call("GET", "/v1/schedules")).toMatchObject({ json: { count: 2 } });
    expect(await call("PATCH", "/v1/schedules/later", { body: { options: { select: { session: "id*" } } } })).toMatchObject({ status: 200, json: { name: "later", select: { session: "id*" } } });
    expect(await call("GET", "/v1/loops/again")).toMatchObject({ json: { name: "again" } });
    expect(await call("POST", "/v1/loops/again/pause")).toMatchObject({ json: { paused: true } });
    expect(await call("POST", "/v1/loops/again/resume")).toMatchObject({ json: { resumed: true } });
    expect(await call("POST", "/v1/schedules/later/run-now")).toMatchObject({ json: { status: "delivered" } });
    expect(await call("GET", "/v1/schedules/later/occurrences")).toMatchObject({ json: { items: [{ status: "delivered" }] } });
    expect(await call("POST", "/v1/schedules/later/cancel")).toMatchObject({ json: { cancelled: true } });
    expect(await call("DELETE", "/v1/loops/again")).toMatchObject({ json: { cleared: true } });
    expect(await call("GET", "/v1/daemon/status")).toMatchObject({ json: { running: true, health: "alive" } });
    expect(await call("GET", "/v1/daemon/doctor")).toMatchObject({ json: { ok: true } });
    expect(await call("POST", "/v1/daemon/ensure")).toMatchObject({ json: { alreadyRunning: true } });
  });

  it("a caller is who its token says, and may do what that was given", async () => {
    expect(await post("/v1/dispatches", { target: "idle", prompt: "x" }, { token: tokens.watcher })).toMatchObject({ status: 403, json: { error: { reason: "policy_denied", detail: expect.stringContaining("client:watcher") } } });
    expect(await call("GET", "/v1/targets", { token: tokens.watcher })).toMatchObject({ status: 200 });
    expect(await post("/v1/dispatches", { target: "idle:0.0", prompt: "x" }, { token: tokens.narrow })).toMatchObject({ status: 200, json: { status: "delivered" } });
    expect(await post("/v1/dispatches", { target: "unicode:0.0", prompt: "x" }, { token: tokens.narrow })).toMatchObject({ json: { status: "refused", reason: "policy_denied" } });
    expect(await call("GET", "/v1/targets", { headers: { "x-api-key": tokens.watcher }, token: "" })).toMatchObject({ status: 200 });
    const { stdout } = await bed.dispatch(["audit", "list", "--denied", "--json"]);
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ subject: "client:watcher", rpc: "/dispatch.v1.Coordinator/Send" }));
  });

  it("without a token, from a page or under another name nobody gets in", async () => {
    for (const token of ["", "wrong"]) expect(await call("GET", "/v1/targets", { token })).toMatchObject({ status: 401, json: { error: { reason: "unauthenticated" } } });
    expect(await call("GET", "/v1/openapi.json", { token: "" })).toMatchObject({ status: 401 });
    expect(await call("GET", "/v1/targets", { headers: { origin: "https://evil.example" } })).toMatchObject({ status: 403 });
    const status = await new Promise<number>((resolve, reject) => {
      request(`${base}/v1/targets`, { headers: { host: "evil.example", authorization: `Bearer ${tokens.boss}` } }, (response) => resolve(response.resume().statusCode ?? 0)).on("error", reject).end();
    });
    expect(status).toBe(403);
    const { stdout } = await bed.dispatch(["audit", "list", "--denied", "--json"]);
    for (const [rpc, detail] of [["GET /v1/targets", "A bearer token is needed."], ["GET /v1/targets", "The Host header names another machine."], ["GET /v1/targets", "Pages in a browser may not call this."]]) {
      expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ rpc, detail, outcome: "denied" }));
    }
  });

  it("no caller has this process read a file of its user", async () => {
    for (const path of ["/v1/dispatches", "/v1/dispatches/bulk"]) {
      expect(await post(path, { target: "idle", promptFile: join(bed.home, ".config", "dispatch", "config.json") })).toMatchObject({ status: 400, json: { error: { reason: "invalid_argument", detail: expect.stringContaining("promptFile") } } });
    }
    expect((await call("GET", "/v1/openapi.json")).text).not.toContain("promptFile");
  });

  it("streams steps as server-sent events", async () => {
    const { text } = await post("/v1/dispatches", { target: "idle", prompt: "streamed", key: "sse" }, { headers: { accept: "text/event-stream" } });
    expect(text.match(/^event: .*/gm)).toEqual([...Array.from({ length: 5 }, () => "event: progress"), "event: result"]);
    const followed = await call("GET", "/v1/dispatches/sse/events");
    expect(followed.text).toContain('"step":"delivered"');
    expect(followed.text).toMatch(/event: result\ndata: .*"status":"delivered"/);
    const stop = new AbortController();
    const response = await fetch(`${base}/v1/watch?target=idle`, { headers: { authorization: `Bearer ${tokens.boss}` }, signal: stop.signal });
    const { value } = await response.body!.getReader().read();
    expect(Buffer.from(value).toString()).toMatch(/event: state\ndata: .*"state":"idle"/);
    stop.abort();
  });

  it("tells its own schemas, which its answers fit", async () => {
    const { json } = await call("GET", "/v1/openapi.json");
    const paths = json["paths"] as Record<string, Record<string, { requestBody?: unknown; responses: Record<string, unknown> }>>;
    expect(json["openapi"]).toBe("3.1.0");
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(["/v1/dispatches", "/v1/dispatches/bulk", "/v1/exec", "/v1/keys", "/v1/captures", "/v1/triage", "/v1/recover", "/v1/fleet/summary", "/v1/schedules/{id}", "/v1/loops/{id}/pause", "/v1/daemon/status", "/v1/watch", "/v1/dispatches/{id}/events", "/v1/openapi.json"]));
    expect(paths["/v1/dispatches"]?.["post"]?.requestBody).toMatchObject({ content: { "application/json": { schema: { properties: { options: { properties: { prompt: { type: "string" }, onBusy: { enum: expect.any(Array) } }, additionalProperties: false } } } } } });
    for (const operations of Object.values(paths)) for (const { responses } of Object.values(operations)) expect(responses).toMatchObject({ 200: { description: expect.any(String), content: expect.any(Object) }, default: expect.any(Object) });
  });

  it("whatever JSON is thrown at a route, it answers with an error of its own or an outcome, never with a stack", async () => {
    const path = fc.constantFrom("/v1/dispatches", "/v1/dispatches/bulk", "/v1/exec", "/v1/keys", "/v1/captures", "/v1/triage", "/v1/recover", "/v1/fleet/summary", "/v1/schedules", "/v1/loops");
    const field = fc.constantFrom("target", "prompt", "key", "targets", "lines", "every", "command", "select", "limit", "server", "machine");
    const body = fc.oneof(fc.string(), fc.json({ maxDepth: 2 }), fc.dictionary(field, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }).map((options) => JSON.stringify({ options })));
    await fc.assert(fc.asyncProperty(path, body, async (where, text) => {
      const { status, json } = await call("POST", where, { body: text });
      expect(status).not.toBe(500);
      expect(JSON.stringify(json)).not.toMatch(/\bat .*\.js:\d+/);
      if (status !== 200) expect(json).toMatchObject({ error: { reason: expect.any(String), detail: expect.any(String) } });
    }), { numRuns: 150 });
  }, 60_000);

  it("a body over the limit is refused", async () => {
    expect(await post("/v1/dispatches", { target: "idle", prompt: "x".repeat(4_000_000) })).toMatchObject({ status: 413, json: { error: { reason: "prompt_too_large" } } });
  });

  it("without tokens of the configuration there is one, in a file that nobody else can read; off loopback nothing is served", async () => {
    const fresh = testBed();
    const port = await freePort();
    configure(fresh, { httpListen: `127.0.0.1:${port}` });
    expect(await fresh.dispatch(["up"])).toMatchObject({ code: 0 });
    const file = join(fresh.dataDir, "http.token");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const response = await fetch(`http://127.0.0.1:${port}/v1/targets`, { headers: { authorization: `Bearer ${readFileSync(file, "utf8").trim()}` } });
    expect(response.status).toBe(200);
    const open = testBed();
    configure(open, { httpListen: "0.0.0.0:7413" });
    expect(await open.dispatch(["up"])).toMatchObject({ code: 2, stderr: expect.stringContaining("is not loopback") });
  });
});
