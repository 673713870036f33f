/** What must hold at the instant of typing; checked by tmux itself in the same step of its queue that types. */
export interface InputGuard {
  readonly paneId: string;
  readonly panePid: number;
  /** Where the cursor was seen. */
  readonly cursor?: { readonly x: number; readonly y: number } | undefined;
  /** Foreground command that was seen (held to where it is plain letters): a shell gets its pane back when the agent exits, under the same pane pid. */
  readonly command?: string | undefined;
  /** Whether the alternate screen was seen. */
  readonly alternate?: boolean | undefined;
  /** What the typed mark was seen to hold: whoever typed since then has changed it. */
  readonly typedMark?: string | undefined;
  /** Snippet (see `safeSnippet`) that one row of the visible screen must hold. */
  readonly mustShow?: string | undefined;
  /** Snippets that no row of the visible screen may hold. */
  readonly mustNotShow?: readonly string[] | undefined;
}

/** Pane options in which a delivery leaves its mark, in the same step in which it typed or pressed. */
export const typedOption = "@dispatch_typed";
export const pressedOption = "@dispatch_pressed";

/**
 * 1 where keys would not go to this pane alone: send-keys reaches every synchronized pane of a window (3.3a), and would answer the
 * dialogs of other agents; a pane whose input is off takes neither keys nor pastes.
 */
const inputBlocked = "#{||:#{==:#{pane_input_off},1},#{&&:#{==:#{pane_synchronized},1},#{!=:#{window_panes},1}}}";

const snippetLength = 40;

/**
 * The longest run of [A-Za-z0-9 ] in a text (at most 40 characters, no blanks at its ends), which means only itself inside a tmux
 * format and a glob pattern; undefined where there is none of at least 3 characters.
 */
export function safeSnippet(text: string): string | undefined {
  let best = "";
  for (const run of text.match(/[A-Za-z0-9 ]+/gu) ?? []) {
    const snippet = run.trim().slice(0, snippetLength).trim();
    if (snippet.length > best.length) best = snippet;
  }
  return best.length >= 3 ? best : undefined;
}

/** The guard as a tmux format that is true (1) or false (0). `option` must not hold `mark` yet. */
export function guardFormat(guard: InputGuard, option: string, mark: string): string {
  const conditions = [
    // -t of a pane that is gone falls back to another pane, hence the id.
    equal("#{pane_id}", paneId(guard.paneId)),
    equal("#{pane_pid}", String(wholeNumber(guard.panePid))),
    equal("#{pane_dead}", "0"),
    equal("#{pane_in_mode}", "0"),
    equal(inputBlocked, "0"),
    `#{!=:#{${option}},${safeMark(mark)}}`,
  ];
  if (guard.cursor !== undefined) {
    conditions.push(equal("#{cursor_x}", String(wholeNumber(guard.cursor.x))), equal("#{cursor_y}", String(wholeNumber(guard.cursor.y))));
  }
  if (guard.command !== undefined && /^[A-Za-z0-9._+-]+$/u.test(guard.command)) conditions.push(equal("#{pane_current_command}", guard.command));
  if (guard.alternate !== undefined) conditions.push(equal("#{alternate_on}", guard.alternate ? "1" : "0"));
  if (guard.typedMark !== undefined) conditions.push(equal(`#{${typedOption}}`, guard.typedMark === "" ? "" : safeMark(guard.typedMark)));
  // #{C:…} is the number of the first visible row that matches the glob, 0 for none.
  if (guard.mustShow !== undefined) conditions.push(`#{!=:#{C:${checkedSnippet(guard.mustShow)}},0}`);
  for (const snippet of guard.mustNotShow ?? []) conditions.push(equal(`#{C:${checkedSnippet(snippet)}}`, "0"));
  return all(conditions);
}

/**
 * One command line that runs `action` under the guard and then leaves the mark. Answers `did`, or `stale` with what the guard looks at.
 * All arguments are put together from checked parts, so nothing in it needs quoting but the paths in `action`.
 */
export function guardedLine(guard: InputGuard, action: string, option: string, mark: string, otherwise: string): string {
  const pane = paneId(guard.paneId);
  const condition = guardFormat(guard, option, mark);
  return `if-shell -F -t ${pane} '${condition}' { ${action} ; set-option -p -t ${pane} ${option} ${safeMark(mark)} ; display-message -p did } `
    + `{ ${otherwise}display-message -p -t ${pane} 'stale #{pane_id} #{pane_pid} ${inputBlocked} #{${option}}' }`;
}

export interface StaleReply {
  /** There is no such pane any more. */
  readonly gone: boolean;
  /** The guarded process is there, but its pane is set so that keys would go to other panes too, or nowhere. */
  readonly inputBlocked: boolean;
  /** The mark is on the pane: this very input went in before. */
  readonly alreadyDone: boolean;
}

/** Reads the answer to a guarded line; undefined means that it was done. */
export function parseGuardedReply(reply: string, guard: InputGuard, mark: string): StaleReply | undefined {
  if (reply === "did") return undefined;
  const [, pane, pid, blocked, found] = reply.split(" ");
  const gone = pane !== guard.paneId;
  return { gone, inputBlocked: !gone && pid === String(guard.panePid) && blocked === "1", alreadyDone: !gone && found === mark };
}

/** Checks a key name, so that tmux does not take it for text to type. */
export function safeKey(key: string): string {
  if (!/^(?:[CMS]-){0,3}(?:[a-z]|Enter|Tab|BTab|Escape|Space|BSpace|Up|Down|Left|Right|Home|End|PPage|NPage|DC|IC|F1?\d)$/u.test(key)) {
    throw new RangeError("not a key name");
  }
  return key;
}

/** Checks a pane id: anything else would be a target that tmux matches by its own rules. */
export function paneId(id: string): string {
  if (!/^%\d{1,10}$/u.test(id)) throw new RangeError("not a pane id");
  return id;
}

function safeMark(mark: string): string {
  if (!/^[A-Za-z0-9_.:-]{1,128}$/u.test(mark)) throw new RangeError("a mark holds only letters, digits, dots, colons, hyphens and underscores");
  return mark;
}

function checkedSnippet(snippet: string): string {
  if (!/^[A-Za-z0-9 ]+$/u.test(snippet)) throw new RangeError("a snippet holds only letters, digits and blanks");
  return snippet;
}

function wholeNumber(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("not a whole number");
  return value;
}

/** Nested as a balanced tree: tmux gives a format up beyond a depth of 100. */
function all(conditions: readonly string[]): string {
  if (conditions.length <= 1) return conditions[0] ?? "1";
  const half = Math.ceil(conditions.length / 2);
  return `#{&&:${all(conditions.slice(0, half))},${all(conditions.slice(half))}}`;
}

function equal(left: string, right: string): string {
  return `#{==:${left},${right}}`;
}
