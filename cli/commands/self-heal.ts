import { Command, Option } from "clipanion";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { DispatchCommand } from "../dispatch-command.js";
import { readPrompt } from "../prompt-input.js";

const stdinMs = 60_000;

export class SelfHealDiagnoseCommand extends DispatchCommand {
  static override paths = [["self-heal", "diagnose"]];
  static override usage = Command.Usage({
    description: "Tell what kind of failure a text tells of, and what to do about it.",
    details: "Reads the text alone: looks at no pane and changes nothing. target, auth, machine, stale_package, routing, dispatch_bug or unknown.",
    examples: [["The last error of a script", "tail -50 run.log | $0 self-heal diagnose"]],
  });

  text = Option.String("--text", { description: "The text." });
  file = Option.String("-f,--file", { description: "File that holds the text." });

  async execute(): Promise<number> {
    const text = await readPrompt({ prompt: this.text, file: this.file, stdin: process.stdin, notice: (line) => this.notice(line) }, stdinMs).catch((error: unknown) => {
      if (!(error instanceof DispatchError && error.reason === "empty_prompt")) throw error;
      throw new DispatchError("invalid_argument", "There is no text; give some with --text, --file or standard input.", { metadata: { field: "--text" }, cause: error });
    });
    const { diagnoseText } = await import("../../sdk/triage/self-heal.js");
    const diagnosis = await diagnoseText(text);
    if (this.json) this.printJson(diagnosis);
    else this.print([`${diagnosis.classification} (confidence ${diagnosis.confidence})`, ...diagnosis.evidence.map((line) => `  seen: ${line}`), ...diagnosis.actions.map((line) => `  do:   ${line}`), ""].join("\n"));
    return 0;
  }
}
