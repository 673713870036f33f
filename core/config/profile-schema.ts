import * as z from "zod";

/** What `agentKind` says of other things. */
const taken = ["claude", "codex", "codewith", "opencode", "gemini", "shell", "unknown"];

/**
 * A user's description of another agent. All patterns are regular expressions (flag u) and are held against one row of the screen.
 *
 * ```json
 * {
 *   "name": "mini",
 *   "process": { "names": ["mini-agent"] },
 *   "screen": {
 *     "composer": { "above": "^─+$", "first": "^› ?(?<text>.*)$", "next": "^ {2}(?<text>.*)$", "below": "^─+$" },
 *     "busy": ["^\\* Working"], "dialog": ["enter confirm · esc cancel"]
 *   },
 *   "record": { "path": "~/.mini/sessions/*.jsonl", "roleField": "type", "userRole": "user", "textField": "text" }
 * }
 * ```
 */
export const profileSchema = z.lazy(() => {
  const pattern = z.string().min(1).refine(isRegularExpression, "must be a regular expression");
  const patterns = z.array(pattern);
  const textPattern = pattern.refine((source) => source.includes("(?<text>"), "must have a group (?<text>…) that holds the typed text");
  const key = z.enum(["Enter", "Tab"]);
  return z.strictObject({
    /** Agent kind under which it is listed. */
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens")
      .refine((name) => !taken.includes(name), "is the name of something built in"),
    process: z.strictObject({
      /** Names of its executable, its npm package, or a command of that package. */
      names: z.array(z.string().min(1)).min(1),
      /** What one of its arguments must match, where names do not suffice. */
      argument: pattern.optional(),
    }),
    screen: z.strictObject({
      /** The lowest rows that fit are the composer, if the terminal's cursor stands in them; else the screen is not understood. */
      composer: z.strictObject({
        /** Row right above the typed text, such as a rule; left out where there is none. */
        above: pattern.optional(),
        /** First row of the typed text. Grey (dim) text in it is taken for a ghost. */
        first: textPattern,
        /** Further rows of the typed text. */
        next: textPattern.optional(),
        /** Row right below the typed text; left out where the text ends the screen. */
        below: pattern.optional(),
      }),
      /** Rows that are there while a turn runs. */
      busy: patterns.min(1),
      /** Rows that are there while a key would answer a question. */
      dialog: patterns.min(1),
      menu: patterns.default([]),
      /** Rows of prompts that are held for later; the group holds what is shown of one. */
      queued: z.array(textPattern).default([]),
    }),
    submitKey: key.default("Enter"),
    /** Key that queues a prompt while a turn runs; left out where it has no queue. */
    queueKey: key.optional(),
    /** Pause between the text being seen in the composer and the key, in ms. */
    keyDelayMs: z.int().min(0).max(2_000).default(0),
    /** Its own durable record, as JSON lines. Without one, deliveries are proven by the screen alone, and say so. */
    record: z.strictObject({
      /** Path with `~` for the agent's home, `$NAME` for its variables and `*` within a name. */
      path: z.string().min(1),
      textField: z.string().min(1),
      roleField: z.string().min(1).optional(),
      userRole: z.string().optional(),
      /** Role of the line that ends a turn and holds the answer in the text field. */
      answerRole: z.string().optional(),
    }).optional(),
  });
});

export type Profile = z.infer<typeof profileSchema>;

function isRegularExpression(source: string): boolean {
  try {
    return new RegExp(source, "u").source !== "";
  } catch {
    return false;
  }
}
