import { describe, expect, it } from "vitest";
import type { HistoryItem } from "./model-api.js";
import { TurnLog } from "./turn-log.js";

const user = (text: string): HistoryItem => ({ role: "user", text, context: [] });
const assistant: HistoryItem = { role: "assistant", text: "", context: [] };
const tool: HistoryItem = { role: "tool", text: "", context: [] };

function note(log: TurnLog, history: HistoryItem[], options: { session?: string; answered?: boolean } = {}): readonly string[] | undefined {
  const { turn, answered } = log.note("agent", "chat", { purpose: "turn", session: options.session ?? "", history });
  if (options.answered !== false) answered();
  return turn?.texts;
}

describe("TurnLog", () => {
  it("tells the new text of each turn from the history that comes along", () => {
    const log = new TurnLog();
    expect(note(log, [user("a")])).toEqual(["a"]);
    expect(note(log, [user("a"), assistant, user("b")])).toEqual(["b"]);
    expect(log.turns[1]?.conversation).toEqual(["a", "b"]);
  });

  it("knows history again whose messages have got a line end since", () => {
    const log = new TurnLog();
    note(log, [user("a")]);
    expect(note(log, [user("a\n"), assistant, user("b")])).toEqual(["b"]);
  });

  it("takes a request that was not answered and comes again for a retry", () => {
    const log = new TurnLog();
    expect(note(log, [user("a")], { answered: false })).toEqual(["a"]);
    expect(note(log, [user("a")])).toBeUndefined();
  });

  it("takes the same text after an answer for a new one", () => {
    const log = new TurnLog();
    expect(note(log, [user("a")])).toEqual(["a"]);
    expect(note(log, [user("a"), assistant, user("a")])).toEqual(["a"]);
    expect(note(log, [user("a")])).toEqual(["a"]);
    expect(log.turns).toHaveLength(3);
  });

  it("sees a text that was put into a running turn", () => {
    const log = new TurnLog();
    note(log, [user("a")], { answered: false });
    expect(note(log, [user("a"), user("b")])).toEqual(["b"]);
  });

  it("does not take a tool's result for a turn", () => {
    const log = new TurnLog();
    note(log, [user("a")]);
    expect(note(log, [user("a"), assistant, tool])).toBeUndefined();
  });

  it("keeps sessions apart", () => {
    const log = new TurnLog();
    note(log, [user("a")], { session: "one", answered: false });
    expect(note(log, [user("a")], { session: "two" })).toEqual(["a"]);
  });

  it("waits for a turn, and gives up at its deadline", async () => {
    const log = new TurnLog();
    const waiting = log.waitFor((turn) => turn.texts.includes("b"), { timeoutMs: 1000 });
    note(log, [user("a")]);
    note(log, [user("a"), assistant, user("b")]);
    expect((await waiting)?.id).toBe(2);
    expect(await log.waitFor(() => false, { timeoutMs: 5 })).toBeUndefined();
  });
});
