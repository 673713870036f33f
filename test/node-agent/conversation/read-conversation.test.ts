import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { readConversation, type ConversationParts } from "../../../node-agent/conversation/read-conversation.js";
import type { AgentRecord } from "../../../node-agent/records/agent-record.js";

const address = { machine: "", server: "", pane: "%1" };

/** A pane whose agent has this record. */
function parts(record: Partial<AgentRecord>, { environment = [["HOME", "/home/dev"]], agent = true }: { environment?: [string, string][]; agent?: boolean } = {}): ConversationParts {
  const process = { pid: 7, started: 1n };
  const found = { adapter: { kind: "mini", openRecord: () => record }, process, tree: [process] };
  return {
    clock: systemClock, journal: { knownRecord: () => undefined }, facts: { environment: async () => new Map(environment) },
    resolve: async () => ({ target: { paneId: "%1" }, see: async () => ({ agent: agent ? found : undefined, detection: { targetKind: "unknown" } }) }),
  } as unknown as ConversationParts;
}

describe("the conversation of a pane", () => {
  it("is redacted message by message, and tells how many secrets there were", async () => {
    const at = new Date(1);
    const asked: number[] = [];
    const conversation = async (limit: number) => {
      asked.push(limit);
      return { sessionId: "s", messages: [{ speaker: "user" as const, text: "password=hunter22x", at }, { speaker: "agent" as const, text: "token=abcdef987654 and token=fedcba987654" }, { speaker: "agent" as const, text: "" }] };
    };
    expect(await readConversation(parts({ conversation }), address, 0)).toEqual({
      target: { paneId: "%1" }, sessionId: "s", redactions: 3,
      messages: [
        { speaker: "user", text: "password=<redacted:secret>", at }, { speaker: "agent", text: "token=<redacted:secret> and token=<redacted:secret>", at: undefined }, { speaker: "agent", text: "", at: undefined },
      ],
    });
    expect(asked).toEqual([50]);
  });

  it.each([-1, 1.5, 1001, Number.NaN])("%d messages are refused before anything is looked at", async (limit) => {
    const blind = { ...parts({}), resolve: () => Promise.reject(new Error("looked")) };
    await expect(readConversation(blind, address, limit)).rejects.toMatchObject({ reason: "invalid_argument" });
  });

  it.each([
    ["it is not known which record it is", parts({ conversation: async () => undefined }), "record_unreadable", /not known yet/u],
    ["there is no record at all", parts({ provesBy: "screen", conversation: async () => ({ sessionId: "", messages: [] }) }), "record_unreadable", /No record of mini is known/u],
    ["the record may not be read", parts({ conversation: () => Promise.reject(Object.assign(new Error("secret path"), { code: "EACCES" })) }), "record_unreadable", /cannot be read: EACCES\.$/u],
    ["the agent's environment may not be read", parts({}, { environment: [] }), "record_unreadable", /environment/u],
    ["there is no agent", parts({}, { agent: false }), "not_an_agent", /runs no agent/u],
  ])("is refused where %s", async (_name, given, reason, message) => {
    await expect(readConversation(given, address, 10)).rejects.toMatchObject({ reason, message: expect.stringMatching(message) as string });
  });
});
