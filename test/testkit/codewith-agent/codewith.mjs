#!/usr/bin/env node
// Stands in for Codewith, which cannot be had: drawn after its documented screens (a Codex fork; Tab queues, a goal line, notices about accounts),
// with Codex's rollouts under CODEWITH_HOME. Misbehaves as $DEMO_AGENT_CONTROL says, like the demo agent; `accountLimit` shows the notice.
import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ControlFile } from "../../demo-agent/control-file.mjs";
import { wrap } from "../../demo-agent/frame.mjs";
import { InputReader } from "../../demo-agent/input-reader.mjs";

const control = new ControlFile();
const reader = new InputReader();
const now = new Date();
const two = (n) => String(n).padStart(2, "0");
const folder = join(process.env.CODEWITH_HOME || join(process.env.HOME, ".codewith"), "sessions", String(now.getFullYear()), two(now.getMonth() + 1), two(now.getDate()));
const thread = randomUUID();
const rollout = join(folder, `rollout-${now.toISOString().slice(0, 19).replaceAll(":", "-")}-${thread}.jsonl`);
const talk = ["codewith 1.0 (stand-in)"];
let [composer, queued, turn, goal] = ["", [], undefined, ""];

const dim = (text) => `\u001b[2m${text}\u001b[22m`;
const bold = (text) => `\u001b[1m${text}\u001b[22m`;

function record(line) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  appendFileSync(rollout, `${JSON.stringify({ timestamp: new Date().toISOString(), ...line })}\n`, { mode: 0o600 });
}

function draw() {
  const { columns, rows } = process.stdout;
  const typed = wrap(composer, columns - 2);
  const bottom = [
    "", ...typed.map((row, index) => `${index === 0 ? bold("›") : " "} ${index === 0 && composer === "" ? dim("Ask Codewith to do anything") : row}`), "",
    ...(goal === "achieved" ? ["  Goal achieved (2s)"] : []),
    `  ${dim("gpt-5-codex default · work@example.com · 5h 82% left · branch main")}`,
  ];
  const middle = [
    ...(turn && goal !== "pursued" ? ["", `• ${dim("Working")} ${dim("(3s • ")}${bold("esc")}${dim(" to interrupt)")}`] : []),
    ...(goal === "pursued" ? ["", "• Pursuing goal (3s)"] : []),
    ...(queued.length > 0 ? ["", `${dim("• ")}Queued follow-up inputs`, ...queued.map((text) => dim(`  ↳ ${text.split("\n").join("\r\n    ")}`))] : []),
    ...(control.settings.accountLimit && queued.length > 0 ? ["", "⚠ Account limit reached for profile work: switch the account to go on"] : []),
  ];
  const room = Math.max(0, rows - bottom.length - middle.flatMap((row) => row.split("\r\n")).length);
  const spoken = talk.flatMap((text) => wrap(text, columns - 2)).slice(-room);
  const frame = [...spoken, ...Array(room - spoken.length).fill(""), ...middle, ...bottom];
  const cursorRow = rows - (goal === "achieved" ? 3 : 2);
  process.stdout.write(`\u001b[?25l\u001b[H${frame.map((row) => `${row}\u001b[K`).join("\r\n")}\u001b[J\u001b[${cursorRow};${3 + Array.from(typed.at(-1)).length}H\u001b[?25h`);
}

function begin(text) {
  control.log({ event: "submitted", text });
  goal = text.startsWith("/goal ") ? "pursued" : "";
  const told = goal ? text.slice("/goal ".length) : text;
  talk.push(`${dim("› ")}${told}`);
  record({ type: "event_msg", payload: { type: "task_started" } });
  record({ type: "response_item", payload: { type: "message", role: "user", content: [{ type: "input_text", text: told }] } });
  turn = { timer: control.settings.hold ? undefined : setTimeout(end, control.settings.turnMs) };
}

function end() {
  clearTimeout(turn.timer);
  turn = undefined;
  if (goal) goal = "achieved";
  record({ type: "event_msg", payload: { type: "task_complete", last_agent_message: "done" } });
  talk.push("• done");
  if (queued.length > 0 && !control.settings.accountLimit) begin(queued.shift());
  draw();
}

function handle({ type, text }) {
  switch (type) {
    case "paste": composer += text; return;
    case "text": composer += text; return;
    case "newline": composer += "\n"; return;
    case "interrupt": composer = ""; return;
    case "tab":
    case "enter": {
      const told = composer.trimEnd();
      if (told === "") return;
      composer = "";
      if (!turn) begin(told);
      else if (type === "tab") {
        queued.push(told);
        control.log({ event: "queued", text: told });
      } else control.log({ event: "steered", text: told });
    }
  }
}

record({ type: "session_meta", payload: { id: thread, cwd: process.cwd() } });
control.follow(() => {
  if (turn && !control.settings.hold && !turn.timer) end();
  else if (!turn && queued.length > 0 && !control.settings.accountLimit) begin(queued.shift());
  draw();
});
process.stdin.setRawMode?.(true);
process.stdout.write("\u001b[?1049h\u001b[?2004h");
process.stdin.on("data", (bytes) => {
  control.log({ event: "bytes", hex: bytes.toString("hex") });
  control.refresh();
  for (const event of reader.read(bytes)) handle(event);
  draw();
});
process.stdout.on("resize", draw);
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(0));
draw();
