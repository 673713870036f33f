import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Delivery } from "../../../core/domain/delivery.js";
import type { DeliveryRun, SendRequest } from "../../../sdk/index.js";
import type { ModelServer } from "../../testkit/model-server/model-server.js";
import type { UserTurn } from "../../testkit/model-server/turn-log.js";
import { composerText, isIdle } from "../../testkit/real-agents/composer-text.js";
import type { RealAgentKind } from "../../testkit/real-agents/kinds.js";
import { startRealAgent, type RealAgent } from "../../testkit/real-agents/start-real-agent.js";
import { TestTmux } from "../../testkit/real-agents/tmux-server.js";
import type { Dispatch } from "./dispatch.js";

/** How long anything may take on a busy machine; only a failure waits so long. */
export const patienceMs = 60_000;

/** One kind of agent under test: its panes, its model, and the product. */
export class AgentDesk {
  readonly tmux: TestTmux;
  readonly #agents = new Set<RealAgent>();
  #count = 0;
  #stopped = false;

  constructor(readonly kind: RealAgentKind, readonly dir: string, readonly model: ModelServer, readonly dispatch: Dispatch) {
    this.tmux = new TestTmux(join(dir, `${kind}.sock`));
  }

  /**
   * Starts an agent with a home and folder of its own, or with those of `beside`, and has it answer one prompt: a fresh Gemini queues its
   * first one until it is set up, and a fresh OpenCode takes seconds over it. `until` stops earlier: as soon as it is launched, or when it
   * shows its composer. `prepare` changes its configuration before it starts. `linked`: its home is a symbolic link.
   */
  async start(options: {
    beside?: Desked; until?: "launched" | "composer"; prepare?: (home: string) => Promise<void>; linked?: boolean; arguments?: readonly string[];
  } = {}): Promise<Desked> {
    const name = `${this.kind}${++this.#count}`;
    if (options.linked) {
      await mkdir(join(this.dir, "homes", `real-${name}`), { recursive: true, mode: 0o700 });
      await symlink(`real-${name}`, join(this.dir, "homes", name));
    }
    const agent = await startRealAgent({
      kind: this.kind, socket: this.tmux.socket, session: "agents", window: name, modelUrl: this.model.url(name),
      home: options.beside?.agent.home ?? join(this.dir, "homes", name), cwd: options.beside?.agent.cwd ?? join(this.dir, "work", name),
      waitUntilReady: options.until !== "launched", ...(options.prepare && { prepare: options.prepare }), arguments: options.arguments ?? [],
    });
    this.#agents.add(agent);
    if (this.#stopped) {
      await agent.stop();
      throw new Error("the suite was stopped");
    }
    const desked = new Desked(this, name, agent);
    if (options.until === undefined) {
      const token = newToken("W");
      const { status, reason, detail } = await desked.send(`warm up ${token}`);
      if ((await desked.texts(token, { timeoutMs: status === "delivered" || status === "queued" ? patienceMs : 2000 })).length !== 1) {
        throw new Error(`the first prompt did not reach the model; ${status} (${reason}): ${detail}\n${await desked.screen()}`);
      }
      await desked.answered();
    }
    return desked;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const agent of this.#agents) await agent.stop();
    await this.tmux.kill();
  }
}

/** One running agent. */
export class Desked {
  constructor(readonly desk: AgentDesk, readonly name: string, readonly agent: RealAgent) {}

  get paneId(): string {
    return this.agent.paneId;
  }

  send(prompt: string, options: Partial<SendRequest> = {}): DeliveryRun {
    return this.desk.dispatch.client.send({ timeoutMs: patienceMs, ...options, target: this.address, prompt });
  }

  get address(): { machine: string; server: string; pane: string } {
    return { machine: "", server: this.desk.tmux.socket, pane: this.paneId };
  }

  /** Waits until the delivery has an end, also behind `queued`. */
  async settled(delivery: Pick<Delivery, "id">, timeoutMs = patienceMs): Promise<Delivery> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const now = await this.desk.dispatch.client.get(delivery.id);
      if (!["pending", "queued", "typed"].includes(now.status)) return now;
      if (Date.now() > end) return now;
      await pause(100);
    }
  }

  /** Turns that this agent brought to the model. */
  turns(): UserTurn[] {
    return this.desk.model.turns.filter((turn) => turn.client === this.name);
  }

  /** Waits until the model has the token, and a moment more for a second copy; returns the texts that have it. */
  async texts(token: string, options: { timeoutMs?: number; restMs?: number } = {}): Promise<string[]> {
    const has = (turn: UserTurn) => turn.texts.some((text) => text.includes(token));
    await this.desk.model.log.waitFor(has, { timeoutMs: options.timeoutMs ?? patienceMs });
    if (options.restMs) await pause(options.restMs);
    return this.desk.model.turns.flatMap((turn) => turn.texts).filter((text) => text.includes(token));
  }

  async screen(): Promise<string> {
    return this.desk.tmux.screen(this.paneId);
  }

  async composer(): Promise<string | undefined> {
    return composerText(this.desk.kind, await this.screen());
  }

  /** Waits until it has drawn itself again. */
  async resize(width: number, height: number): Promise<void> {
    await this.desk.tmux.run("resize-window", "-t", this.paneId, "-x", String(width), "-y", String(height));
    await this.idle();
  }

  async keys(...keys: string[]): Promise<void> {
    await this.desk.tmux.run("send-keys", "-t", this.paneId, ...keys);
  }

  async type(text: string): Promise<void> {
    await this.desk.tmux.run("send-keys", "-t", this.paneId, "-l", text);
  }

  async dead(): Promise<boolean> {
    return await this.desk.tmux.pane(this.paneId, "#{pane_dead}").catch(() => "1") === "1";
  }

  /** Waits for something on the screen. */
  async sees(what: RegExp | ((screen: string) => boolean), timeoutMs = patienceMs): Promise<string> {
    const fits = typeof what === "function" ? what : (screen: string) => what.test(screen);
    const end = Date.now() + timeoutMs;
    for (;;) {
      const screen = await this.screen();
      if (fits(screen)) return screen;
      if (Date.now() > end) throw new Error(`${this.name} does not show ${String(what)}:\n${screen}`);
      await pause(30);
    }
  }

  /** Waits for an idle, empty composer; seen twice, since a key that was just pressed may not show yet. */
  async idle(timeoutMs = patienceMs): Promise<void> {
    let before = "";
    let since = 0;
    await this.sees((screen) => {
      if (screen !== before) since = performance.now();
      before = screen;
      return isIdle(this.desk.kind, screen) && performance.now() - since > 150;
    }, timeoutMs);
  }

  /** Waits until the last answer is on the screen and the composer is idle and empty. */
  async answered(timeoutMs = patienceMs): Promise<void> {
    const answer = this.desk.model.lastAnswer(this.name);
    await this.sees((screen) => (answer === undefined || screen.includes(answer)) && isIdle(this.desk.kind, screen), timeoutMs);
  }

  /** Gives it a turn whose answer is held back, and waits until it runs. */
  async makeBusy(token: string): Promise<void> {
    this.desk.model.script.enqueue({ hold: true }, this.name);
    const first = await this.send(`hold on ${token}`);
    if (first.status !== "delivered") throw new Error(`the first prompt was ${first.status} (${first.reason})`);
    const end = Date.now() + patienceMs;
    while (!this.desk.model.heldClients().includes(this.name)) {
      if (Date.now() > end) throw new Error("the model was not asked");
      await pause(20);
    }
  }

  release(): void {
    this.desk.model.release(this.name);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

let counter = 0;
/** A word that stands in no other prompt. */
export function newToken(prefix = "S"): string {
  return `${prefix}${(++counter).toString(36)}q${Math.random().toString(36).slice(2, 8)}`;
}
