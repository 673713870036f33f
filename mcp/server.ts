import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { version } from "../core/version.js";
import { DispatchClient, DispatchError, errorJson, type ConnectOptions } from "../sdk/index.js";
import type { Tool } from "./tool.js";
import { capture } from "./tools/capture.js";
import { list } from "./tools/list.js";
import { send } from "./tools/send.js";
import { status } from "./tools/status.js";
import { targets } from "./tools/targets.js";

/** The tools, each over a connection of its own: a background process that went away is started again. */
export function createServer(options: ConnectOptions = {}): McpServer {
  const server = new McpServer({ name: "dispatch", version });
  register(server, send, options);
  register(server, targets, options);
  register(server, capture, options);
  register(server, status, options);
  register(server, list, options);
  return server;
}

function register<Input extends z.ZodRawShape>(server: McpServer, tool: Tool<Input>, options: ConnectOptions): void {
  const { name, title, description, readOnly } = tool;
  const handler = (input: unknown, { signal }: { signal: AbortSignal }): Promise<CallToolResult> =>
    call(tool, input as z.infer<z.ZodObject<Input>>, signal, options);
  server.registerTool(name, {
    title, description, inputSchema: tool.input, outputSchema: z.looseObject(tool.output),
    annotations: { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: !readOnly },
  }, handler as Parameters<McpServer["registerTool"]>[2]);
}

async function call<Input extends z.ZodRawShape>(
  tool: Tool<Input>, input: z.infer<z.ZodObject<Input>>, signal: AbortSignal, options: ConnectOptions,
): Promise<CallToolResult> {
  try {
    const client = await DispatchClient.connect(options);
    try {
      const { result, failed = false } = await tool.run(client, input, signal);
      // Dates become strings, as they do on the wire.
      const plain = JSON.parse(JSON.stringify(result)) as Record<string, unknown>;
      return { content: [{ type: "text", text: JSON.stringify(plain, null, 2) }], structuredContent: plain, isError: failed };
    } finally {
      client.close();
    }
  } catch (error) {
    const known = error instanceof DispatchError ? error : new DispatchError("internal");
    return { content: [{ type: "text", text: JSON.stringify({ error: errorJson(known) }, null, 2) }], isError: true };
  }
}
