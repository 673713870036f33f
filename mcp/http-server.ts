import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import { randomUUID, timingSafeEqual, createHash } from "node:crypto";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json as readJson } from "node:stream/consumers";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { parseHostPort } from "../core/transport/host-port.js";
import type { ConnectOptions } from "../sdk/index.js";
import { createServer } from "./server.js";

const loopback = ["127.0.0.1", "localhost", "::1"];
const maxSessions = 100;

export interface HttpListening {
  /** `http://127.0.0.1:PORT/mcp` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * MCP over streamable HTTP, on loopback alone: each session has a server of its own. Without the token nobody gets further than a 401, and a
 * page in a browser gets nowhere (Host and Origin are checked).
 */
export async function serveHttp({ listen, token, options }: { listen: string; token: string; options: ConnectOptions }): Promise<HttpListening> {
  const { host, port } = parseHostPort(listen);
  if (!loopback.includes(host)) throw new DispatchError("insecure_listen", `${listen} is not loopback: the token would go over the network in the clear.`, { metadata: { field: "--http", value: listen } });
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createHttpServer((request, response) => {
    handle(request, response, { sessions, token, options }).catch(() => refuse(response, 400, "The request cannot be read."));
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", (error) => reject(new DispatchError("state_unwritable", `${listen} cannot be listened on: ${error.message}.`, { metadata: { field: "--http", value: listen }, cause: error })));
    http.listen({ host, port }, resolve);
  });
  const bound = http.address();
  const actual = typeof bound === "object" && bound ? bound.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}/mcp`,
    async close() {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      http.closeAllConnections();
      await new Promise<void>((resolve) => void http.close(() => resolve()));
    },
  };
}

interface Parts {
  readonly sessions: Map<string, StreamableHTTPServerTransport>;
  readonly token: string;
  readonly options: ConnectOptions;
}

async function handle(request: IncomingMessage, response: ServerResponse, { sessions, token, options }: Parts): Promise<void> {
  const why = wrongWith(request, token);
  if (why) return refuse(response, why.status, why.message);
  const id = request.headers["mcp-session-id"];
  const known = typeof id === "string" ? sessions.get(id) : undefined;
  if (known) return known.handleRequest(request, response, request.method === "POST" ? await readJson(request) : undefined);
  if (id !== undefined) return refuse(response, 404, "No such session.");
  const body = request.method === "POST" ? await readJson(request) : undefined;
  if (!isInitializeRequest(body)) return refuse(response, 400, "A session begins with initialize.");
  if (sessions.size >= maxSessions) return refuse(response, 503, "Too many sessions are open.");
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (session) => void sessions.set(session, transport),
    onsessionclosed: (session) => void sessions.delete(session),
  });
  // oxlint-disable-next-line prefer-add-event-listener -- the library has no other way
  transport.onclose = () => void (transport.sessionId && sessions.delete(transport.sessionId));
  await createServer(options).connect(transport);
  return transport.handleRequest(request, response, body);
}

function wrongWith({ url, headers }: IncomingMessage, token: string): { status: number; message: string } | undefined {
  if (new URL(url ?? "/", "http://localhost").pathname !== "/mcp") return { status: 404, message: "There is /mcp and nothing else." };
  const hostName = (headers.host ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  if (!loopback.includes(hostName)) return { status: 403, message: "The Host header names another machine." };
  if (headers.origin !== undefined) return { status: 403, message: "Pages in a browser may not call this." };
  const given = /^Bearer +(.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token)) ? undefined : { status: 401, message: "A bearer token is needed." };
}

function refuse(response: ServerResponse, code: number, message: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(code, { "content-type": "application/json", ...(code === 401 && { "www-authenticate": "Bearer" }) });
  response.end(JSON.stringify({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }));
}
