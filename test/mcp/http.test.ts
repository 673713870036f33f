import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testBed } from "../testkit/programs/test-bed.js";

const bed = testBed();
let server: ChildProcess;
let [url, tokenFile] = ["", ""];
const token = (): string => readFileSync(tokenFile, "utf8").trim();

beforeAll(async () => {
  server = spawn(process.execPath, [bed.program("dispatch-mcp"), "--http", "127.0.0.1:0"], { env: bed.env, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
  url = String((await lines.next()).value);
  tokenFile = String((await lines.next()).value).replace("token in ", "");
});
afterAll(async () => {
  server.kill();
  await once(server, "close");
});

async function connect(bearer = token()): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${bearer}` } } }));
  return client;
}

function raw(headers: Record<string, string>, { method = "POST", path = "/mcp", body = "{}" } = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers: { "content-type": "application/json", ...headers } }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += String(chunk)));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("MCP over HTTP", () => {
  it("an official client sends over it; sessions do not know each other", async () => {
    const [one, other] = [await connect(), await connect()];
    const called = await one.callTool({ name: "dispatch_send", arguments: { target: "idle", prompt: "hello", key: "h", waitFor: "finished" } });
    expect(called.structuredContent).toMatchObject({ status: "delivered", answer: "forty-two" });
    expect((await other.callTool({ name: "dispatch_status", arguments: { id: "h" } })).structuredContent).toMatchObject({ status: "delivered" });
    await Promise.all([one.close(), other.close()]);
  });

  it("the token is nobody else's to read", () => {
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect(token().length).toBeGreaterThanOrEqual(40);
  });

  it("without the token, from a page or under another name nobody gets in", async () => {
    await expect(connect("wrong")).rejects.toThrow();
    const auth = { authorization: `Bearer ${token()}` };
    expect(await raw({})).toMatchObject({ status: 401 });
    expect(await raw({ authorization: "Basic x" })).toMatchObject({ status: 401 });
    expect(await raw({ ...auth, origin: "https://evil.example" })).toMatchObject({ status: 403 });
    expect(await raw({ ...auth, host: "evil.example" })).toMatchObject({ status: 403 });
    expect(await raw(auth, { path: "/other" })).toMatchObject({ status: 404 });
    expect(await raw({ ...auth, "mcp-session-id": "guessed" })).toMatchObject({ status: 404 });
    for (const body of ["", "{", "[]", "{\"jsonrpc\":\"2.0\"}", "\u0000"]) {
      const { status, text } = await raw(auth, { body });
      expect(status).toBe(400);
      expect(text).not.toMatch(/\bat .*:\d+/);
    }
  });

  it("listens on loopback alone", async () => {
    const child = spawn(process.execPath, [bed.program("dispatch-mcp"), "--http", "0.0.0.0:0"], { env: bed.env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
    expect((await once(child, "close"))[0]).toBe(2);
    expect(said).toContain("is not loopback");
  });

  it("1,000 calls leave nothing open", async () => {
    const client = await connect();
    const descriptors = (): number => readdirSync(`/proc/${server.pid}/fd`).length;
    const rssKb = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]);
    const calls = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) await client.callTool({ name: "dispatch_status", arguments: { id: "h" } });
    };
    await calls(300);
    const before = { descriptors: descriptors(), rss: rssKb() };
    await calls(1_000);
    expect(descriptors()).toBeLessThanOrEqual(before.descriptors + 3);
    // A heap breathes; a leak of a connection each would be tens of megabytes.
    expect(rssKb() - before.rss).toBeLessThan(40_000);
    await client.close();
  }, 60_000);
});
