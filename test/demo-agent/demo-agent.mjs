#!/usr/bin/env node
// A small agent for demonstrations and tests: a composer with bracketed paste, turns that take a moment, a queue, and a record of what it was told.
import { randomUUID } from "node:crypto";
import { ControlFile } from "./control-file.mjs";
import { drawFrame } from "./frame.mjs";
import { InputReader } from "./input-reader.mjs";
import { SessionRecord } from "./session-record.mjs";

const control = new ControlFile();
const reader = new InputReader();
let record = new SessionRecord(randomUUID());
const talk = [{ who: " ", text: `demo-agent 1.0 · ${process.cwd()}` }];
/** What the person sees in the composer; `pastes` maps each marker in it to its text. */
let composer = "";
let pastes = new Map();
let queued = [];
let turn;
let dialogAnswered = false;
let lastInterrupt = 0;

function draw() {
  if (control.settings.hang) return;
  const { columns, rows } = process.stdout;
  process.stdout.write(drawFrame({
    columns, rows, talk, composer, queued, busy: turn !== undefined, menu: control.settings.menu,
    dialog: dialogAnswered ? "" : control.settings.dialog,
    status: `  ${turn ? "busy" : "idle"} · session ${record.id.slice(0, 8)} · ctrl-c clears, twice quits`,
  }));
  process.stdout.write(`\u001b]2;demo-agent ${turn ? "busy" : "idle"}\u0007`);
}

function fullText() {
  let text = composer;
  for (const [marker, paste] of pastes) text = text.split(marker).join(paste);
  return text;
}

function insertPaste(text) {
  const lines = text.split("\n").length;
  if (!control.settings.collapse || (lines <= 5 && text.length <= 800)) {
    composer += text;
    return;
  }
  const marker = `[Pasted text #${pastes.size + 1} +${lines - 1} lines]`;
  pastes.set(marker, text);
  composer += marker;
}

function submit() {
  if (control.settings.swallowEnters > 0) {
    control.settings.swallowEnters--;
    control.log({ event: "enter-swallowed" });
    return;
  }
  if (control.settings.exitOn === "enter") quit(1);
  const text = fullText().trimEnd();
  if (text === "") return;
  composer = "";
  pastes = new Map();
  if (text === "/quit") quit(0);
  if (text === "/clear") {
    record = new SessionRecord(randomUUID());
    talk.length = 1;
  } else if (turn) {
    queued.push(text);
    record.append({ type: "queue", operation: "enqueue", text });
    control.log({ event: "queued", text });
  } else {
    begin(text);
  }
}

function begin(text) {
  control.log({ event: "submitted", text });
  talk.push({ who: ">", text });
  turn = { text };
  const { recordDelayMs, noRecord, hold, turnMs } = control.settings;
  const current = turn;
  const write = () => record.append({ type: "user", text });
  if (!noRecord && recordDelayMs > 0) setTimeout(write, recordDelayMs);
  else if (!noRecord) write();
  if (!hold) turn.timer = setTimeout(() => turn === current && end(), turnMs);
}

function end(note) {
  clearTimeout(turn.timer);
  const words = turn.text.split(/\s+/).filter(Boolean).length;
  const answer = note ?? (control.settings.answer || `Read ${words} word${words === 1 ? "" : "s"}. Nothing else to do here.`);
  record.append({ type: "assistant", text: answer });
  talk.push({ who: "*", text: answer });
  turn = undefined;
  if (queued.length > 0) next();
  draw();
}

function next() {
  const taken = control.settings.mergeQueue ? queued.splice(0) : queued.splice(0, 1);
  for (const text of taken) record.append({ type: "queue", operation: control.settings.dropQueued ? "remove" : "dequeue", text });
  if (control.settings.dropQueued) control.log({ event: "dropped", texts: taken });
  else begin(taken.join("\n\n"));
}

function answerDialog(event) {
  if (event.type !== "enter" && event.type !== "escape") {
    control.log({ event: "dialog-discarded", type: event.type });
    return;
  }
  dialogAnswered = true;
  control.log({ event: "dialog-answered", with: event.type });
}

function handle(event) {
  if (control.settings.dialog && !dialogAnswered) return answerDialog(event);
  switch (event.type) {
    case "paste":
      if (control.settings.exitOn === "paste") quit(1);
      if (control.settings.dialogOn === "paste") {
        control.settings.dialog = "Allow the demo agent to run `true`?";
        control.log({ event: "dialog-discarded", type: "paste" });
        return;
      }
      return insertPaste(event.text);
    case "text": composer += event.text; return;
    case "newline": composer += "\n"; return;
    case "backspace": composer = Array.from(composer).slice(0, -1).join(""); return;
    case "clear-line": composer = composer.slice(0, composer.lastIndexOf("\n") + 1); return;
    case "enter":
      if (control.settings.menu) control.log({ event: "menu-chosen" });
      else submit();
      return;
    case "up":
      if (queued.length === 0) return;
      for (const text of queued) record.append({ type: "queue", operation: "remove", text });
      composer = [...queued, ...(composer ? [composer] : [])].join("\n");
      queued = [];
      return;
    case "escape":
      if (turn) end("(interrupted)");
      return;
    case "interrupt":
      if (composer === "" && Date.now() - lastInterrupt < 1000) quit(0);
      lastInterrupt = composer === "" ? Date.now() : 0;
      composer = "";
      pastes = new Map();
      return;
  }
}

function quit(code) {
  control.log({ event: "exit", code });
  process.stdout.write("\u001b[?2004l\u001b[?1049l\u001b[?25h");
  process.exit(code);
}

control.follow(() => {
  dialogAnswered = false;
  if (turn && !control.settings.hold && !turn.timer) end();
  draw();
});
process.stdin.setRawMode?.(true);
process.stdout.write("\u001b[?1049h\u001b[?2004h");
process.stdin.on("data", (bytes) => {
  control.log({ event: "bytes", hex: bytes.toString("hex") });
  if (control.refresh()) dialogAnswered = false;
  if (control.settings.hang) return;
  const events = reader.read(bytes);
  for (const event of events) handle(event);
  const delay = events.some((event) => event.type === "paste") ? control.settings.echoDelayMs : 0;
  if (delay > 0) setTimeout(draw, delay);
  else draw();
});
process.stdout.on("resize", draw);
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => quit(0));
draw();
