import fc from "fast-check";
import { expect, test } from "vitest";
import { ControlParser } from "../../../node-agent/tmux/control-parser.js";

interface Seen { blocks: { ok: boolean; own: boolean; lines: string[] }[]; notifications: { name: string; rest: string }[] }

/** Feeds the bytes in pieces of the given sizes (repeated) and tells what came out, as latin1 so that no byte is lost. */
function parse(stream: Buffer, sizes: readonly number[] = [stream.length]): Seen {
  const seen: Seen = { blocks: [], notifications: [] };
  const parser = new ControlParser({
    block: ({ ok, own, lines }) => seen.blocks.push({ ok, own, lines: lines.map((line) => line.toString("latin1")) }),
    notification: ({ name, rest }) => seen.notifications.push({ name, rest: rest.toString("latin1") }),
  });
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    parser.push(stream.subarray(at, at + size));
    at += size;
  }
  return seen;
}

test("blocks end at the line that repeats their begin; look-alikes in between are body", () => {
  const stream = ["%begin 1700000000 271 1", "%end 1 1 1", "%end 1700000000 27 1", "%error 1700000000 271 0", "%begin 1700000000 272 1", "%output %1 x", "%end 1700000000 271 1 ",
    "%end 1700000000 271 1", "%begin 1700000000 273 1", "can't find pane: %9", "%error 1700000000 273 1", ""].join("\n");
  expect(parse(Buffer.from(stream))).toEqual({
    blocks: [
      { ok: true, own: true, lines: ["%end 1 1 1", "%end 1700000000 27 1", "%error 1700000000 271 0", "%begin 1700000000 272 1", "%output %1 x", "%end 1700000000 271 1 "] },
      { ok: false, own: true, lines: ["can't find pane: %9"] },
    ],
    notifications: [],
  });
});

test("attaching yields a block that is not an answer to us; an empty body differs from one empty line", () => {
  const stream = "%begin 5 1 0\n%end 5 1 0\n%session-changed $0 main\n%begin 5 2 1\n\n%end 5 2 1\n%exit\nstray text\n";
  expect(parse(Buffer.from(stream))).toEqual({
    blocks: [{ ok: true, own: false, lines: [] }, { ok: true, own: true, lines: [""] }],
    notifications: [{ name: "session-changed", rest: "$0 main" }, { name: "exit", rest: "" }],
  });
});

test("any bytes in any pieces: bodies and notifications come out whole and in order", () => {
  const bodyLine = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10)).toString("latin1")),
    fc.constantFrom("%end 1 1 1", "%begin 9 9 1", "%error 9 9 1", "%output %1 abc", "%exit", "%"),
  );
  const item = fc.oneof(
    fc.record({ ok: fc.boolean(), lines: fc.array(bodyLine, { maxLength: 5 }) }),
    fc.record({ name: fc.constantFrom("output", "layout-change", "exit"), rest: fc.constantFrom("%1 a\xff\x80b", "@1 x y", "") }),
  );
  fc.assert(fc.property(fc.array(item, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }), (items, sizes) => {
    const text = items.map((entry, i) => "ok" in entry
      ? [`%begin 777 ${100 + i} 1`, ...entry.lines, `%${entry.ok ? "end" : "error"} 777 ${100 + i} 1`, ""].join("\n")
      : `%${entry.name}${entry.rest === "" ? "" : ` ${entry.rest}`}\n`).join("");
    expect(parse(Buffer.from(text, "latin1"), sizes)).toEqual({
      blocks: items.flatMap((entry) => "ok" in entry ? [{ ok: entry.ok, own: true, lines: entry.lines }] : []),
      notifications: items.flatMap((entry) => "name" in entry ? [entry] : []),
    });
  }));
});
