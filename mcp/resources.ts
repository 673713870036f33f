import { ResourceTemplate, type McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { ErrorCode, McpError, SubscribeRequestSchema, UnsubscribeRequestSchema, type ReadResourceResult } from "@modelcontextprotocol/sdk/types.js";
import { systemClock } from "../core/clock.js";
import { conversationJson, deliveryJson, DispatchError, errorJson, parseAddress, resolveTmuxServer, targetJson, type ConnectOptions, type DispatchClient } from "../sdk/index.js";
import { connect } from "./connect.js";
import { compactTarget } from "../sdk/tools/schemas.js";

const fleetUri = "dispatch://fleet";
const fleetBreathMs = 500;
/** As the protocol names it; the library has no word for it. */
const resourceNotFound = -32_002;

/** The fleet, a delivery, a pane's text and its conversation: to be read, and to be told of when they change. */
export function addResources(server: McpServer, options: ConnectOptions): void {
  const withClient = async <T>(use: (client: DispatchClient) => Promise<T>): Promise<T> => {
    const client = await told(connect(options));
    try {
      return await told(use(client));
    } finally {
      client.close();
    }
  };
  const json = (uri: URL, value: unknown): ReadResourceResult => ({ contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify(value, null, 2) }] });
  server.registerResource("fleet", fleetUri, { title: "Every pane, and what is in it", mimeType: "application/json" }, (uri) =>
    withClient(async (client) => json(uri, (await client.targets()).map((pane) => compactTarget(targetJson(pane), false)))));
  server.registerResource("delivery", new ResourceTemplate("dispatch://deliveries/{id}", { list: undefined }), { title: "A delivery with its steps and its evidence", mimeType: "application/json" }, (uri, { id }) =>
    withClient(async (client) => json(uri, deliveryJson(await client.get(decoded(id))))));
  server.registerResource("pane", new ResourceTemplate("dispatch://panes/{machine}/{target}", { list: undefined }), { title: "The text of a pane, secrets taken out", mimeType: "text/plain" }, (uri, { machine, target }) =>
    withClient(async (client) => ({ contents: [{ uri: uri.href, mimeType: "text/plain", text: (await client.capture({ target: paneOf(machine, target) })).text }] })));
  server.registerResource("conversation", new ResourceTemplate("dispatch://conversations/{machine}/{target}", { list: undefined }), { title: "What was said in an agent, by its own record", mimeType: "application/json" }, (uri, { machine, target }) =>
    withClient(async (client) => json(uri, conversationJson(await client.conversation(paneOf(machine, target))))));
  subscriptions(server, options);
}

function subscriptions(server: McpServer, options: ConnectOptions): void {
  const watched = new Map<string, AbortController>();
  server.server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }) => {
    if (watched.has(uri)) return {};
    const stop = new AbortController();
    const client = await told(connect(options));
    // Who is told that it will be told of changes can rely on it.
    await told(mustBeThere(client, uri)).catch((error: unknown) => {
      client.close();
      throw error;
    });
    watched.set(uri, stop);
    const changes = changesOf(client, uri, stop.signal);
    void (async () => {
      try {
        for await (const _ of changes) await server.server.sendResourceUpdated({ uri });
      } catch {
        // The coordinator went away: whoever still wants to be told subscribes again.
      } finally {
        watched.delete(uri);
        client.close();
      }
    })();
    return {};
  });
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    watched.get(uri)?.abort();
    return {};
  });
  const onclose = server.server.onclose;
  // oxlint-disable-next-line prefer-add-event-listener -- the library has no other way
  server.server.onclose = () => {
    for (const stop of watched.values()) stop.abort();
    onclose?.();
  };
}

/** One item for each change of what a resource shows. */
async function* changesOf(client: DispatchClient, text: string, signal: AbortSignal): AsyncGenerator<void> {
  const [kind, first = "", second = ""] = text.replace(/^dispatch:\/\//, "").split("/");
  if (kind === "fleet") {
    // The first look at each pane is no change.
    const seen = new Set<string>();
    let last = 0;
    for await (const { target, gone } of client.watch(undefined, { signal })) {
      const key = `${target.machine}/${target.server}/${target.paneId}`;
      const isNews = seen.has(key) || gone || (last > 0 && systemClock.monotonicMs() - last > fleetBreathMs);
      seen.add(key);
      last ||= systemClock.monotonicMs();
      if (isNews) yield;
    }
  } else if (kind === "deliveries") {
    const { id, steps } = await client.get(decoded(first), { signal });
    const known = steps.at(-1)?.sequence ?? 0;
    // It tells every step from the first: none is missed between the look and the stream.
    for await (const { sequence } of client.follow(id, { waitFor: "finished", signal })) if (sequence > known) yield;
  } else if (kind === "panes" || kind === "conversations") {
    for await (const _ of client.followCapture(paneOf(first, second), { signal })) yield;
  }
}

/** Throws where there is nothing of that name to be told of. */
async function mustBeThere(client: DispatchClient, text: string): Promise<void> {
  const [, kind = "", first = "", second = ""] = /^dispatch:\/\/(fleet|deliveries|panes|conversations)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(text) ?? [];
  if (kind === "deliveries" && first !== "" && second === "") await client.get(decoded(first));
  else if ((kind === "panes" || kind === "conversations") && second !== "") await client.detect(paneOf(first, second));
  else if (kind !== "fleet" || first !== "") throw new DispatchError("invalid_argument", `uri: ${text} is no resource of this server.`, { metadata: { field: "uri", value: text } });
}

/** What goes wrong is told with its reason, as a tool tells it. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const known = error instanceof DispatchError ? error : new DispatchError("internal", undefined, { cause: error });
    const code = known.entry.grpc === "NOT_FOUND" ? resourceNotFound : known.entry.grpc === "INVALID_ARGUMENT" ? ErrorCode.InvalidParams : ErrorCode.InternalError;
    throw new McpError(code, known.message, errorJson(known));
  }
}

function paneOf(machine: string | string[] | undefined, target: string | string[] | undefined): ReturnType<typeof parseAddress> {
  return parseAddress(decoded(target), { machine: decoded(machine), server: resolveTmuxServer(undefined) });
}

function decoded(value: string | string[] | undefined): string {
  const text = String(value ?? "");
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DispatchError("invalid_argument", `uri: "${text}" is not what percent signs can stand for.`, { metadata: { field: "uri", value: text } });
  }
}
