import { Cli, Command, Option, type CommandClass } from "clipanion";
import { completionScript, shells, type VerbWords } from "../completion/completion-script.js";
import { DispatchCommand } from "../dispatch-command.js";
import { parseChoice } from "../parse-choice.js";
import { about, type Verb } from "./about.js";

type Verbs = Readonly<Record<Verb, () => Promise<CommandClass[]>>>;

/** The verb `completion`, which knows all verbs: those that there are. */
export function completionCommand(verbs: Verbs): CommandClass {
  return class CompletionCommand extends DispatchCommand {
    static override paths = [["completion"]];
    static override usage = Command.Usage({
      description: "Print a script that completes commands in a shell.",
      examples: [["In this bash", "source <($0 completion bash)"], ["For every fish", "$0 completion fish > ~/.config/fish/completions/dispatch.fish"]],
    });

    shell = Option.String();

    async execute(): Promise<number> {
      const shell = parseChoice(this.shell, shells, "shell");
      this.print(completionScript(shell, await Promise.all((Object.keys(verbs) as Verb[]).map((verb) => wordsOf(verb, verbs)))));
      return 0;
    }
  };
}

async function wordsOf(verb: Verb, verbs: Verbs): Promise<VerbWords> {
  const definitions = Cli.from(await verbs[verb](), { binaryName: "dispatch" }).definitions();
  const inner = definitions.flatMap(({ path }) => path.split(" ").slice(2));
  const options = definitions.flatMap(({ options: all }) => all.flatMap(({ definition }) => (definition.split(" ")[0] ?? "").split(",")));
  return { verb, about: about[verb], words: [...new Set([...inner, ...(verb === "completion" ? shells : []), ...options, "--help"])] };
}
