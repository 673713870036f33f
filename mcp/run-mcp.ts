import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { parseArgs } from "node:util";
import { createServer } from "./server.js";

const usage = `dispatch-mcp: the tools of Dispatch for agents and other MCP clients.

  dispatch-mcp                          over standard input and output
  dispatch-mcp --http 127.0.0.1:7412    over streamable HTTP, with a bearer token
      --token-file FILE                 where the token is (default: mcp.token in the state folder, made where there is none)
`;

/** The program, with its arguments. */
export async function runMcp(words: string[]): Promise<void> {
  const { values } = parseArgs({ args: words, options: { http: { type: "string" }, "token-file": { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help) return void process.stdout.write(usage);
  if (values.http === undefined) return createServer().connect(new StdioServerTransport());
  const [{ serveHttp }, { bearerToken }, { loadConfig }] = await Promise.all([import("./http-server.js"), import("../core/access/bearer-token.js"), import("../core/config/load-config.js")]);
  const { config } = loadConfig();
  const { token, file } = bearerToken(config.dataDir, "mcp.token", values["token-file"]);
  const listening = await serveHttp({ listen: values.http, token, options: { config } });
  process.stdout.write(`${listening.url}\ntoken in ${file}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void listening.close().finally(() => process.exit(0)));
}
