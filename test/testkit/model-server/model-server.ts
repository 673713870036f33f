import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { anthropicApi } from "./anthropic-api.js";
import { chatApi } from "./chat-api.js";
import { geminiApi } from "./gemini-api.js";
import { sendJson, type ModelApi } from "./model-api.js";
import { ReplyScript, type Reply } from "./reply.js";
import { responsesApi } from "./responses-api.js";
import { TurnLog, type UserTurn } from "./turn-log.js";

const apis: readonly ModelApi[] = [anthropicApi, responsesApi, chatApi, geminiApi];

export interface ModelServerOptions {
  /** Folder for `turns.jsonl` and, with `raw`, every request body. */
  readonly recordDir?: string;
  readonly raw?: boolean;
}

/** A loopback server that speaks the four model APIs, answers as told, and remembers every text it was given. */
export class ModelServer {
  readonly script = new ReplyScript();
  readonly log = new TurnLog();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #bodies = new Map<string, string>();
  readonly #held = new Map<string, Set<() => void>>();
  readonly #options: ModelServerOptions;
  readonly #answers = new Map<string, string>();
  #port = 0;
  #requests = 0;

  private constructor(options: ModelServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(options: ModelServerOptions = {}): Promise<ModelServer> {
    const server = new ModelServer(options);
    if (options.recordDir) await mkdir(options.recordDir, { recursive: true, mode: 0o700 });
    await server.#listen(0);
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** All user turns so far, oldest first. */
  get turns(): readonly UserTurn[] {
    return this.log.turns;
  }

  /** Base URL for one agent; its name tells its turns apart. */
  url(client: string): string {
    return `http://127.0.0.1:${this.#port}/c/${client}`;
  }

  /** Text of the last answer that was sent to a client. */
  lastAnswer(client: string): string | undefined {
    return this.#answers.get(client);
  }

  /** The last request of a client, as it came. */
  lastRequest(client: string): string {
    return this.#bodies.get(client) ?? "";
  }

  /** Clients whose answer is held back now. */
  heldClients(): string[] {
    return [...this.#held.keys()];
  }

  /** Lets held answers go. */
  release(client?: string): void {
    for (const [name, waiting] of this.#held) {
      if (client !== undefined && client !== name) continue;
      this.#held.delete(name);
      for (const go of waiting) go();
    }
  }

  /** From now on connections are refused; running ones are cut. */
  async refuse(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Takes connections again, on the same port. */
  async accept(): Promise<void> {
    if (!this.#server.listening) await this.#listen(this.#port);
  }

  async stop(): Promise<void> {
    this.release();
    if (this.#server.listening) await this.refuse();
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((done, fail) => {
      this.#server.once("error", fail);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", fail);
        done();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const [, client = "unnamed", rest = path] = /^\/c\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const number = ++this.#requests;
    if (this.#options.raw && this.#options.recordDir) {
      await writeFile(join(this.#options.recordDir, `request-${number}.json`), JSON.stringify({ client, method: request.method, path: rest, headers: request.headers, body: bytes.toString() }, null, 1), { mode: 0o600 });
    }
    const api = apis.find((each) => each.matches(rest));
    if (request.method !== "POST" || !api) return sendJson(response, request.method === "GET" ? 200 : 404, {});
    const body: unknown = JSON.parse(bytes.toString());
    const asked = api.read(rest, body, request.headers);
    this.#bodies.set(client, bytes.toString());
    if (asked.purpose !== "turn") return api.answerAside(response, rest, body, asked.purpose);
    const { turn, answered } = this.log.note(client, api.name, asked);
    if (turn && this.#options.recordDir) {
      await appendFile(join(this.#options.recordDir, "turns.jsonl"), `${JSON.stringify(turn)}\n`, { mode: 0o600 });
    }
    await this.#answer(api, client, turn ? this.script.take(client) : {}, turn, response);
    if (response.writableFinished || response.writableEnded) answered();
  }

  async #answer(api: ModelApi, client: string, reply: Reply, turn: UserTurn | undefined, response: ServerResponse): Promise<void> {
    if (reply.cut) {
      response.destroy();
      return;
    }
    if (reply.hold) await this.#hold(client, response);
    if (reply.delayMs) await pause(reply.delayMs, response);
    if (response.destroyed) return;
    if (reply.status) return sendJson(response, reply.status, api.error(reply.status).body);
    const text = reply.text ?? (reply.echo ? turn?.texts.join("\n") : undefined) ?? `Noted. Answer ${this.#requests}.`;
    this.#answers.set(client, text);
    api.stream(response, { text, shell: reply.shell, tool: reply.tool });
  }

  async #hold(client: string, response: ServerResponse): Promise<void> {
    await new Promise<void>((go) => {
      const waiting = this.#held.get(client) ?? new Set();
      waiting.add(go);
      this.#held.set(client, waiting);
      response.once("close", () => {
        waiting.delete(go);
        if (waiting.size === 0 && this.#held.get(client) === waiting) this.#held.delete(client);
        go();
      });
    });
  }
}

async function pause(ms: number, response: ServerResponse): Promise<void> {
  await new Promise<void>((go) => {
    const timer = setTimeout(go, ms);
    response.once("close", () => {
      clearTimeout(timer);
      go();
    });
  });
}
