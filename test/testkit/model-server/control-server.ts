import { createServer, type IncomingMessage, type Server } from "node:http";
import { rmSync } from "node:fs";
import { field, sendJson } from "./model-api.js";
import type { ModelServer } from "./model-server.js";
import type { Reply } from "./reply.js";

/**
 * Steers a model server from outside its process, over a unix socket (which works across network namespaces):
 * GET /turns?after=N&client=C · GET /held · POST /reply {client?, reply, standing?} · POST /clear · POST /release {client?} · POST /refuse · POST /accept
 */
export async function startControlServer(model: ModelServer, socketPath: string): Promise<Server> {
  rmSync(socketPath, { force: true });
  const server = createServer((request, response) => {
    route(model, request).then((answer) => sendJson(response, answer === undefined ? 404 : 200, answer ?? { error: "no such route" }), (error: unknown) => {
      sendJson(response, 400, { error: String(error) });
    });
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(socketPath, done);
  });
  return server;
}

async function route(model: ModelServer, request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
  const client = typeof field(body, "client") === "string" ? String(field(body, "client")) : undefined;
  switch (`${request.method} ${url.pathname}`) {
    case "GET /turns": {
      const [after, only] = [Number(url.searchParams.get("after") ?? 0), url.searchParams.get("client")];
      return model.turns.filter((turn) => turn.id > after && (only === null || turn.client === only));
    }
    case "GET /held": return model.heldClients();
    case "POST /reply": {
      const reply = field(body, "reply") as Reply | undefined;
      if (field(body, "standing") === true) model.script.stand(reply, client);
      else if (reply) model.script.enqueue(reply, client);
      else throw new Error("reply is missing");
      return { ok: true };
    }
    case "POST /clear": model.script.clear(); return { ok: true };
    case "POST /release": model.release(client); return { ok: true };
    case "POST /refuse": await model.refuse(); return { ok: true };
    case "POST /accept": await model.accept(); return { ok: true };
    default: return undefined;
  }
}
