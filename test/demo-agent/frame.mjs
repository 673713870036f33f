// Draws the agent: talk on top, then what runs and what is queued, the composer between two rules, a status line.
const dim = (text) => `\u001b[2m${text}\u001b[22m`;
const ghost = "Give me something to do";

/** @returns {string} the bytes that redraw the whole terminal */
export function drawFrame({ columns, rows, talk, composer, busy, queued, dialog, menu, status }) {
  const bottom = dialog ? dialogRows(dialog, columns) : composerRows(composer, menu, columns, Math.max(3, Math.floor(rows / 2)));
  const middle = [
    ...(busy ? [`* Working… (esc to interrupt)`] : []),
    ...queued.map((text) => `  queued: ${oneRow(text, columns - 12)}`),
  ];
  const room = Math.max(0, rows - bottom.length - middle.length - 1);
  const spoken = talk.flatMap(({ who, text }) => wrap(text, columns - 2).map((row, index) => `${index === 0 ? who : " "} ${row}`)).slice(-room);
  const frame = [...spoken, ...Array(room - spoken.length).fill(""), ...middle, ...bottom, dim(status.slice(0, columns))];
  const cursor = dialog ? "" : `\u001b[${rows - 1 - bottom.length + cursorRow(bottom)};${cursorColumn(bottom)}H\u001b[?25h`;
  return `\u001b[?25l\u001b[H${frame.map((row) => `${row}\u001b[K`).join("\r\n")}\u001b[J${cursor}`;
}

function composerRows(composer, menu, columns, most) {
  const rule = "─".repeat(columns);
  if (composer === "") return [rule, `› ${dim(ghost)}`, rule, ...(menu ? ["  menu: /clear  /quit", "  enter choose · esc close"] : [])];
  const all = wrap(composer, columns - 2);
  const shown = all.slice(-most).map((row, index) => `${index === 0 ? "›" : " "} ${row}`);
  return [rule, ...shown, rule, ...(all.length > most ? [`  ${all.length - most} more rows above`] : [])];
}

function dialogRows(question, columns) {
  return ["─".repeat(columns), `  ${question}`, "  › 1. Yes", "    2. No", "  enter confirm · esc cancel"];
}

/** The cursor stands behind the last character of the composer: the row above its second rule. */
function cursorRow(bottom) {
  return bottom.findLastIndex((row) => row.startsWith("─"));
}

function cursorColumn(bottom) {
  const row = bottom[cursorRow(bottom) - 1];
  return row.includes("\u001b") ? 3 : Array.from(row).reduce((cells, character) => cells + width(character), 1);
}

function oneRow(text, most) {
  const row = text.replaceAll("\n", " ");
  return row.length > most ? `${row.slice(0, most - 1)}…` : row;
}

/** Breaks text into rows of at most `columns` cells; line ends break too. */
export function wrap(text, columns) {
  return text.split("\n").flatMap((line) => {
    const rows = [];
    let [row, used] = ["", 0];
    for (const character of line.replaceAll("\t", "    ")) {
      const cells = width(character);
      if (used + cells > columns) {
        rows.push(row);
        [row, used] = ["", 0];
      }
      row += character;
      used += cells;
    }
    return [...rows, row];
  });
}

function width(character) {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(character) ? 2 : 1;
}
