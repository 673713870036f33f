/** A verb and flag of the predecessor's command line, and the test that holds ours to it: `[verb, flag, file, title of the test]`. */
export type ParityRow = readonly [verb: string, flag: string, file: string, title: string];

const send = "test/cli/send.test.ts";
const verbs = "test/cli/verbs.test.ts";
const bulk = "test/integration/bulk.test.ts";
const inTheWay = "test/integration/what-is-in-the-way.test.ts";

/** An empty flag is the verb itself, `<…>` a word after it. */
export const parityRows: readonly ParityRow[] = [
  ["send", "", send, "prints a line per step, then one verdict with the evidence"],
  ["send", "--to", bulk, "goes to each, once; one bad target stops nobody"],
  ["send", "-t", "test/docs/parity.test.ts", "short and long names are one option"],
  ["send", "--prompt", send, "joins prompt, file and standard input with a blank line, and takes any text as a value"],
  ["send", "--file", send, "joins prompt, file and standard input with a blank line, and takes any text as a value"],
  ["send", "--machine", "test/cli/bad-input.test.ts", "a target that cannot be used"],
  ["send", "--goal", bulk, "--goal: as a goal of the agent, said once"],
  ["send", "--from", bulk, "--from sessions-query: the panes that the registry names; its second command where the first fails"],
  ["send", "--sessions-query", bulk, "--from sessions-query: the panes that the registry names; its second command where the first fails"],
  ["send", "--if-idle", "test/integration/busy-agents.test.ts", "is refused by default, and nothing is typed"],
  ["send", "--queue", "test/integration/busy-agents.test.ts", "--queue: queued, then delivered; whoever asks again with the key is told so"],
  ["send", "--force-active", bulk, "--force-active: into a busy agent"],
  ["send", "--submit-key", bulk, "--submit-key Tab where the agent does not know it: refused, and nothing is typed"],
  ["send", "--dry-run", inTheWay, "--dry-run: nothing is typed, and the key is still free"],
  ["send", "--max-concurrency", "test/coordinator/fanout/fan-out.test.ts", "runs everything once, and never more at once than the limits, whatever ends first"],
  ["send", "--jitter", bulk, "--jitter holds each back for a random while, and no longer"],
  ["send", "--per-machine-limit", "test/coordinator/fanout/fan-out.test.ts", "runs everything once, and never more at once than the limits, whatever ends first"],
  ["send", "--no-submit", inTheWay, "--no-submit: typed and left there, and the next one does not touch it"],
  ["send", "--no-confirm", bulk, "--no-confirm comes back with the key, and the proof comes later"],
  ["send", "--delay", bulk, "--delay holds the key back for at least so long"],
  ["send", "--retries", bulk, "--retries 0: a key that was swallowed is not pressed again"],
  ["send", "--mode", bulk, "--mode literal: one line as keys; several lines are refused, and nothing is typed"],
  ["send", "--json", send, "prints one object with --json"],
  ["key", "", bulk, "Escape, Backspace and the like arrive as keys"],
  ["key", "--to", bulk, "Escape, Backspace and the like arrive as keys"],
  ["key", "--key", bulk, "Enter is not pressed over a draft, nor in a shell; it is listed as what it was"],
  ["key", "--machine", "test/docs/parity.test.ts", "short and long names are one option"],
  ["key", "--json", bulk, "Enter is not pressed over a draft, nor in a shell; it is listed as what it was"],
  ["status", "<id>", verbs, "list, show, status and cancel by id and by key"],
  ["status", "--json", verbs, "list, show, status and cancel by id and by key"],
  ["list", "", verbs, "list, show, status and cancel by id and by key"],
  ["list", "--status", verbs, "list: by status, by kind, in full"],
  ["list", "--limit", verbs, "list, show, status and cancel by id and by key"],
  ["list", "--verbose", verbs, "list: by status, by kind, in full"],
  ["list", "--json", verbs, "list, show, status and cancel by id and by key"],
  ["targets", "", verbs, "prints a line per pane, or one object per pane with the fields of the predecessor"],
  ["targets", "--machine", "test/docs/parity.test.ts", "short and long names are one option"],
  ["targets", "--limit", verbs, "targets: those that fit, as many as asked for"],
  ["targets", "--json", verbs, "prints a line per pane, or one object per pane with the fields of the predecessor"],
  ["show", "<id>", verbs, "list, show, status and cancel by id and by key"],
  ["show", "--json", verbs, "list, show, status and cancel by id and by key"],
  ["cancel", "<id>", verbs, "list, show, status and cancel by id and by key"],
];
