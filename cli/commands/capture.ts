import { Command, Option } from "clipanion";
import { maxCaptureLines } from "../../core/domain/captured.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { ClientCommand } from "../dispatch-command.js";
import type { AiRequest, AiResult, DispatchClient, TargetAddress } from "../../sdk/index.js";
import { conversationJson } from "../../sdk/json/conversation-json.js";
import { capturedJson } from "../../sdk/json/target-json.js";
import { parseCount } from "../parse-count.js";

/** Lines from before with which --follow begins. */
const defaultFollowLines = 10;

export class CaptureCommand extends ClientCommand {
  static override paths = [["capture"]];
  static override usage = Command.Usage({
    description: "Print the text of a pane.",
    examples: [
      ["The last 50 lines", "$0 capture --to work:1.0 --lines 50"],
      ["What was said last, from the agent's own record", "$0 capture --to work:1.0 --messages --limit 10"],
      ["What blocks the agent, by a model", "$0 capture --to work:1.0 --transform blockers"],
    ],
  });

  target = Option.String({ required: false });
  to = Option.String("-t,--to", { description: "Target: session:window.pane, machine/… or a pane id such as %7." });
  lines = Option.String("-n,--lines", { description: "Lines from the end, 2000 at most (default 200)." });
  follow = Option.Boolean("--follow", false, { description: "Then every new line once it has settled, until ctrl-C or the pane is gone. With --json one object a line." });
  messages = Option.Boolean("--messages", false, { description: "The conversation from the agent's own record instead of the screen, oldest first." });
  limit = Option.String("--limit", { description: "With --messages: messages from the end, 1 to 1000 (default 50)." });
  ai = Option.Boolean("--ai", false, { description: "Ask a model about the redacted text (default: a summary)." });
  transform = Option.String("--transform", { description: "What to ask for: summary, blockers, changes or next-steps. Implies --ai." });
  prompt = Option.String("--prompt", { description: "An instruction of your own for the model. Implies --ai." });
  provider = Option.String("--provider", { description: "groq, cerebras, openai or none (default: DISPATCH_AI_PROVIDER, else the first with a key)." });
  model = Option.String("--model", { description: "Model of the provider." });
  server = Option.String("--server", { description: "tmux server: socket path or -L name." });
  machine = Option.String("-m,--machine", { description: "Machine of the target." });

  async execute(): Promise<number> {
    const named = this.to ?? this.target;
    if (named === undefined) throw new DispatchError("invalid_argument", "--to is missing: name the target, such as --to work:1.0.", { metadata: { field: "--to" } });
    const asked = parseCount(this.lines, "--lines");
    const lines = Math.min(asked, maxCaptureLines);
    if (asked > lines) this.notice(`${asked} lines were asked for; ${lines} are given at most.`);
    const limit = parseCount(this.limit, "--limit");
    const ai = this.#aiRequest();
    this.#refuseMixed(ai !== undefined);
    return this.withClient(async (client) => {
      const { parseAddress, resolveTmuxServer } = await import("../../sdk/index.js");
      const address = parseAddress(named, { machine: this.machine, server: resolveTmuxServer(this.server) });
      if (this.follow) return this.#follow(client, address, lines);
      if (this.messages) return this.#conversation(client, address, limit);
      const captured = await client.capture({ target: address, lines, ai });
      if (this.json) this.printJson(capturedJson(captured, asked));
      else this.print(asLines(captured.text));
      return this.#tellAi(captured.ai);
    });
  }

  /** The answer after the text; where there is none, why, and exit code 1. */
  #tellAi(ai: AiResult | undefined): number {
    if (!ai) return 0;
    if (!this.json && ai.text !== undefined) this.print(`\n--- ${ai.transform ?? "answer"} by ${ai.provider} (${ai.model ?? "its own model"}) ---\n${asLines(ai.text)}`);
    if (!this.json && ai.detail !== undefined) this.notice(`no answer of a model: ${ai.detail}`);
    return ai.status === "failed" ? 1 : 0;
  }

  #aiRequest(): AiRequest | undefined {
    const { transform, prompt, provider, model } = this;
    if (!this.ai && transform === undefined && prompt === undefined) {
      if (provider !== undefined || model !== undefined) throw new DispatchError("invalid_argument", "--provider and --model go with --ai, --transform or --prompt.", { metadata: { field: "--ai" } });
      return undefined;
    }
    return { transform, prompt, provider, model };
  }

  #refuseMixed(asksModel: boolean): void {
    const modes = [this.follow && "--follow", this.messages && "--messages", asksModel && "--ai"].filter((mode) => mode !== false);
    if (modes.length > 1) throw new DispatchError("invalid_argument", `${modes.join(" and ")} do not go together.`, { metadata: { field: modes[0] ?? "" } });
    if (this.messages && this.lines !== undefined) throw new DispatchError("invalid_argument", "--lines goes with the screen; with --messages it is --limit.", { metadata: { field: "--lines" } });
    if (!this.messages && this.limit !== undefined) throw new DispatchError("invalid_argument", "--limit goes with --messages; of the screen, it is --lines.", { metadata: { field: "--limit" } });
  }

  async #conversation(client: DispatchClient, address: TargetAddress, limit: number): Promise<number> {
    const conversation = await client.conversation(address, { limit });
    if (this.json) this.printJson(conversationJson(conversation));
    else for (const { speaker, text, at } of conversation.messages) this.print(`${speaker}${at ? ` ${at.toISOString()}` : ""}\n${asLines(text)}\n`);
    return 0;
  }

  async #follow(client: DispatchClient, address: TargetAddress, lines: number): Promise<number> {
    return this.untilInterrupted(async (signal) => {
      for await (const { text, gone } of client.followCapture(address, { lines: lines || defaultFollowLines, signal })) {
        this.print(this.json ? `${JSON.stringify({ text, gone })}\n` : text);
      }
    });
  }
}

function asLines(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
