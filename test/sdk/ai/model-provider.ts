import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly model: string; readonly temperature: number; readonly max_tokens: number; readonly messages: readonly { role: string; content: string }[] };
}

/** A model provider on the loopback interface, and all that it was asked. */
export interface ModelProvider {
  readonly baseUrl: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export type Respond = (response: Parameters<RequestListener>[1], count: number) => void;

export async function startModelProvider(respond: Respond): Promise<ModelProvider> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push({ url: request.url ?? "", headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) as Asked["body"] });
      respond(response, asked.length);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** The answer of a model that says `text`. */
export const says = (text: string | null): Respond => (response) => {
  response.setHeader("content-type", "application/json").end(JSON.stringify({ id: "1", object: "chat.completion", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: text } }] }));
};

export const refuses = (status: number, message: string): Respond => (response) => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: { message, type: "error" } }));
};
