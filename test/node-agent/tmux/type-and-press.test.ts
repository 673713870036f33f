import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { withPasteFile } from "../../../node-agent/tmux/paste-file.js";
import { eventually, startTmux, type TestTmux } from "../../testkit/tmux.js";
import { openServer } from "./open-server.js";

const recorder = fileURLToPath(new URL("../../testkit/raw-recorder.mjs", import.meta.url));

interface RecorderPane { tmux: TestTmux; server: TmuxServer; guard: { paneId: string; panePid: number }; received(): Buffer }

/** A pane whose program records every byte. */
async function startRecorder(): Promise<RecorderPane> {
  const tmux = await startTmux(["sh"]);
  const file = path.join(tmux.folder, "received");
  await tmux.tmux("respawn-pane", "-k", "-t", "%0", "--", process.execPath, recorder, file);
  const server = await openServer(tmux);
  const screen = await eventually(async () => {
    const seen = await server.look("%0");
    return seen.rows[0]?.text === "ready" ? seen : undefined;
  }, "the recorder");
  return {
    tmux, server, guard: { paneId: "%0", panePid: screen.panePid },
    received: () => { try { return readFileSync(file); } catch { return Buffer.alloc(0); } },
  };
}

const bracketed = (text: string): Buffer => Buffer.from(`\u001B[200~${text}\u001B[201~`);

/** Waits until as many bytes came as a bracketed paste of the text has, and answers what came. */
async function receivedPaste(pane: RecorderPane, text: string): Promise<Buffer> {
  const { length } = bracketed(text);
  return eventually(() => pane.received().length >= length ? pane.received() : undefined, "the paste");
}

test.each([
  ["quotes and backslashes", `it's "quoted" \\ \\n \\\\ \`back\` $HOME ~ {a;b} {`],
  ["tmux formats and separators", "#{pid} #(touch /tmp/never) #[fg=red] ## %% %7 %H:%M ; \\; , #, #} }"],
  ["line ends and tabs", "first\n\n\tsecond\n  third\n"],
  ["every script", "é ß 漢字 עברית العربية हिन्दी 🙂👩‍👩‍👧 e\u0301 \u200B\u202E\u00A0"],
  ["looks like protocol", "%end 1 1 1\n%begin 1 1 1\n%exit\ndid\nstale"],
  ["a lone dash and options", "-t %0 --"],
])("%s arrive byte for byte in one bracketed paste", async (_, text) => {
  const pane = await startRecorder();
  expect(await pane.server.type(pane.guard, text, "m1")).toBe("typed");
  expect((await receivedPaste(pane, text)).toString()).toBe(bracketed(text).toString());
});

test("generated texts arrive byte for byte", async () => {
  const pane = await startRecorder();
  let before = 0;
  let turn = 0;
  const text = fc.oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), fc.string({ unit: fc.constantFrom(..."'\"\\#{}%;$~`\n\t -é🙂"), minLength: 1, maxLength: 80 }))
    .filter((value) => !/[\u0000-\u0008\u000B-\u001F\u007F]/u.test(value));
  await fc.assert(fc.asyncProperty(text, async (value) => {
    expect(await pane.server.type(pane.guard, value, `m${++turn}`)).toBe("typed");
    const expected = bracketed(value);
    const all = await eventually(() => pane.received().length >= before + expected.length ? pane.received() : undefined, "the paste");
    expect(all.subarray(before).toString()).toBe(expected.toString());
    before = all.length;
  }), { numRuns: 60 });
});

test("one MiB arrives byte for byte", async () => {
  const pane = await startRecorder();
  const line = "0123456789 abc é漢🙂 'quoted' \\ #{pid}\t%end 1 1 1";
  let text = "";
  for (let i = 0; text.length < 1024 * 1024; i++) text += `${i} ${line}\n`;
  text = Buffer.from(text).subarray(0, 1024 * 1024).toString().replace(/\uFFFD+$/u, "");
  expect(await pane.server.type(pane.guard, text, "m1")).toBe("typed");
  expect((await receivedPaste(pane, text)).equals(bracketed(text))).toBe(true);
});

test("a key arrives, once for each mark", async () => {
  const pane = await startRecorder();
  expect(await pane.server.press(pane.guard, "Enter", "d1-1")).toBe("pressed");
  expect(await pane.server.press(pane.guard, "Enter", "d1-1")).toBe("stale");
  expect(await pane.server.press(pane.guard, "C-s", "d1-2")).toBe("pressed");
  await eventually(() => pane.received().length >= 2, "the keys");
  expect(pane.received().toString()).toBe("\r\u0013");
  expect((await pane.server.look("%0")).pressedMark).toBe("d1-2");
});

test("a mark types once, whoever asks, also at the same time", async () => {
  const pane = await startRecorder();
  const other = await openServer(pane.tmux);
  const results = await Promise.all([pane.server, other, pane.server, other].map((server) => server.type(pane.guard, "only once", "same")));
  expect(results.toSorted()).toEqual(["stale", "stale", "stale", "typed"]);
  await pane.server.press(pane.guard, "Enter", "after");
  await eventually(() => pane.received().toString().endsWith("\r"), "the key after the paste");
  expect(pane.received().toString()).toBe(`${bracketed("only once").toString()}\r`);
});

test("nothing stays behind: no file, no buffer, no text in tmux's log of commands", async () => {
  const pane = await startRecorder();
  await pane.server.type(pane.guard, "secret words", "m1");
  await pane.server.type(pane.guard, "secret words", "m1");
  await expect(pane.server.type(pane.guard, "secret\u001B[201~words", "m2")).rejects.toMatchObject({ reason: "invalid_argument" });
  await expect(pane.server.type(pane.guard, "secret\rwords", "m2")).rejects.toMatchObject({ reason: "invalid_argument" });
  await expect(pane.server.type(pane.guard, "", "m2")).rejects.toMatchObject({ reason: "empty_prompt" });
  const folder = path.join(pane.tmux.folder, "paste");
  expect(readdirSync(folder)).toEqual([]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(await pane.tmux.tmux("list-buffers")).toBe("");
  expect(await pane.tmux.tmux("show-messages")).not.toContain("secret");
  await withPasteFile(folder, "text", (file) => { expect(statSync(file).mode & 0o777).toBe(0o600); return Promise.resolve(); });
});

test("what a killed process left is removed, file and buffer; fresh ones and those of others stay", async () => {
  const tmux = await startTmux();
  const folder = path.join(tmux.folder, "paste");
  mkdirSync(folder);
  const names = ["dispatch-0123abcd", "dispatch-notes", "mine"];
  for (const name of names) {
    await tmux.tmux("set-buffer", "-b", name, "text");
    writeFileSync(path.join(folder, name), "text");
  }
  const left = async (): Promise<unknown> => ({ files: readdirSync(folder).toSorted(), buffers: (await tmux.tmux("list-buffers", "-F", "#{buffer_name}")).split("\n").toSorted() });
  await openServer(tmux);
  expect(await left()).toEqual({ files: names, buffers: names });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await openServer(tmux, { clock: { now: () => new Date(Date.now() + 62_000), monotonicMs: () => 0, after: () => () => {} } });
  expect(await left()).toEqual({ files: ["mine"], buffers: ["dispatch-notes", "mine"] });
});

test("the folder of the paste files may have an odd name; one that is gone, or that tmux cannot read, is a refusal", async () => {
  const tmux = await startTmux();
  const { panePid } = await (await openServer(tmux)).look("%0");
  const type = async (folder: string, mark: string): Promise<string> => (await openServer(tmux, { temporaryFolder: folder })).type({ paneId: "%0", panePid }, "x", mark);
  expect(await type(path.join(tmux.folder, "it's \"odd\" #{pid} %H ; $HOME"), "m1")).toBe("typed");
  await expect(type("/dev/null/folder", "m2")).rejects.toMatchObject({ reason: "state_unwritable" });
  // A folder that is there for us and not for the tmux server, as with a server in a container.
  const ours = openSync(tmux.folder, "r");
  await expect(type(`/proc/self/fd/${ours}/own-view`, "m3")).rejects.toMatchObject({ reason: "no_permission" });
  closeSync(ours);
  expect((await tmux.tmux("capture-pane", "-p", "-t", "%0")).trim()).toBe("x");
});
