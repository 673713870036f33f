import { expect, it } from "vitest";
import type { Detection } from "../../../core/domain/detection.js";
import { capturePaneText } from "../../../node-agent/capture/capture-pane-text.js";
import { followCapture } from "../../../node-agent/capture/follow-capture.js";
import { FakeClock } from "../../testkit/fake-clock.js";

const body = Array.from({ length: 30 }, (_, row) => `MIIEpAIBAAKCAQEA${"abcdefgh0123".repeat(4)}${row % 10}`);
const begin = "-----BEGIN RSA PRIVATE KEY-----";
const end = "-----END RSA PRIVATE KEY-----";
const target = { machine: "here", server: "/fake", paneId: "%1", target: "work:0.0", panePid: 1, window: "sh", active: true, width: 80, height: 24 };
const clock = (): FakeClock => new FakeClock("2026-11-24T09:00:00Z");
const lastOf = (rows: readonly string[]) => (lines: number): Promise<string> => Promise.resolve(rows.slice(-lines).join("\n"));

it("rows from the middle of a private key, which began above them, are part of it", async () => {
  const place = { target, capture: lastOf(["before", begin, ...body.slice(0, 20)]), detect: () => Promise.resolve({} as Detection) };
  const captured = await capturePaneText(place, 5, clock());
  expect(captured.text).not.toContain("MIIEp");
  expect(captured).toMatchObject({ lines: 5, redactions: 1 });
});

it("only the rows that were asked for come back, and only their secrets count", async () => {
  const place = { target, capture: lastOf(["token=abcdef123", "one", "two", "token=abcdef456"]), detect: () => Promise.resolve({} as Detection) };
  expect(await capturePaneText(place, 2, clock())).toMatchObject({ text: "two\ntoken=<redacted:secret>", lines: 2, redactions: 1 });
});

it("--follow: the second half of a private key that comes later is part of it", async () => {
  const time = clock();
  let rows: readonly string[] = ["$ cat key", begin, ...body.slice(0, 10)];
  const stop = new AbortController();
  const place = { width: 80, capture: (lines: number) => lastOf(rows)(lines), watch: () => Promise.resolve(() => undefined) };
  let told = "";
  const following = (async () => {
    for await (const { text } of followCapture(place, 10, time, stop.signal)) told += text;
  })();
  const saw = (text: string): boolean => told.includes(text);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  // The detectors are loaded by the first look.
  for (let count = 0; count < 500 && !saw("\n"); count++) await settle();
  for (const more of [body.slice(10, 20), [...body.slice(20), end, "$ echo done", "done"]]) {
    rows = [...rows, ...more];
    for (let count = 0; count < 20; count++) await time.advance(500, settle);
  }
  for (let count = 0; count < 500 && !saw("done\n"); count++) await time.advance(500, settle);
  stop.abort();
  await following;
  expect(told).toContain("$ echo done\ndone\n");
  expect(told).not.toMatch(/MIIEp|abcdefgh0123/u);
});
