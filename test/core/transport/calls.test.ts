import { credentials } from "@grpc/grpc-js";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ownersGate } from "../../../core/transport/owners-gate.js";
import { silentLog } from "../../../core/log.js";
import { callStream, callUnary } from "../../../core/transport/calls.js";
import { channelOptions } from "../../../core/transport/channel-options.js";
import { serveOnSocket } from "../../../core/transport/grpc-server.js";
import { serverStream, unary, type CallContext } from "../../../core/transport/handlers.js";
import { NodeAgentClient, NodeAgentService, type CaptureResponse, type NodeAgentServer, type WatchResponse } from "../../../proto/index.js";

let client: NodeAgentClient;
let contexts: CallContext[];
let watched: EventTarget;
let written: number;
const unreachable = "node_unreachable";
const line = "x".repeat(64 * 1024);

/** A server whose `capture` answers or hangs, and whose `watch` tells for ever, or hangs after the first. */
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-calls-"));
  contexts = [];
  written = 0;
  watched = new EventTarget();
  const capture = async (request: { lines: number }, context: CallContext): Promise<CaptureResponse> => {
    contexts.push(context);
    if (request.lines === 0) await once(context.signal, "abort");
    return { target: undefined, text: "y".repeat(request.lines), lines: request.lines, capturedAt: undefined, detection: undefined, redactions: 0 };
  };
  async function* watch(request: { target?: unknown }, context: CallContext): AsyncGenerator<WatchResponse> {
    contexts.push(context);
    try {
      do {
        written++;
        yield { target: { target: { machine: line, server: "", paneId: "", target: "", panePid: 0, window: "", active: false, width: 0, height: 0 }, detection: undefined }, gone: false };
        if (request.target) await once(context.signal, "abort");
      } while (!context.signal.aborted);
    } finally {
      watched.dispatchEvent(new Event("ended"));
    }
  }
  const service = { capture: unary(capture, ownersGate(silentLog)), watch: serverStream(watch, ownersGate(silentLog)) } as unknown as NodeAgentServer;
  const socket = join(folder, "s.sock");
  const listening = await serveOnSocket(socket, "dispatch.v1.NodeAgent", NodeAgentService, service);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  client = new NodeAgentClient(listening.address, credentials.createInsecure(), channelOptions);
  onTestFinished(async () => {
    client.close();
    await listening.close();
    rmSync(folder, { recursive: true });
  });
});

const capture = (lines: number, settings: { deadline?: Date; signal?: AbortSignal } = {}): Promise<CaptureResponse> =>
  callUnary(client.capture.bind(client), { target: undefined, lines }, { ...settings, unreachable });

describe("a call for one answer", () => {
  it("tells the server its deadline, and fails as no_answer when it passes; the server is told", async () => {
    const deadline = new Date(Date.now() + 300);
    await expect(capture(0, { deadline })).rejects.toMatchObject({ reason: "no_answer" });
    expect(contexts[0]!.deadline!.getTime() - deadline.getTime()).toBeLessThan(100);
    if (!contexts[0]!.signal.aborted) await once(contexts[0]!.signal, "abort");
  });

  it("has no deadline where none was set", async () => {
    await capture(1);
    expect(contexts[0]!.deadline).toBeUndefined();
  });

  it("is cancelled on both ends by its signal", async () => {
    const stop = new AbortController();
    const call = capture(0, { signal: stop.signal });
    const failed = expect(call).rejects.toMatchObject({ reason: "interrupted" });
    while (contexts.length === 0) await new Promise(setImmediate);
    stop.abort();
    await failed;
    if (!contexts[0]!.signal.aborted) await once(contexts[0]!.signal, "abort");
    await expect(capture(1, { signal: stop.signal })).rejects.toMatchObject({ reason: "interrupted" });
  });

  it("carries answers beyond the 4 MiB that gRPC allows by default", async () => {
    expect((await capture(5 * 1024 * 1024)).text).toHaveLength(5 * 1024 * 1024);
  });

  it("a method that the server does not have is other_version", async () => {
    await expect(callUnary(client.describe.bind(client), {}, { unreachable })).rejects.toMatchObject({ reason: "other_version" });
  });

  it("nobody there is what the caller says it is", async () => {
    const nobody = new NodeAgentClient("unix:/nonexistent/s.sock", credentials.createInsecure());
    onTestFinished(() => nobody.close());
    await expect(callUnary(nobody.describe.bind(nobody), {}, { unreachable: "daemon_unavailable" })).rejects.toMatchObject({ reason: "daemon_unavailable" });
  });
});

describe("a call for a stream", () => {
  const watch = (more: { signal?: AbortSignal; hang?: boolean } = {}): AsyncGenerator<WatchResponse> =>
    callStream(client.watch.bind(client), { target: more.hang ? { machine: "", server: "", pane: "x" } : undefined }, { signal: more.signal, unreachable });

  it("leaving the loop ends the server's iteration", async () => {
    const ended = once(watched, "ended");
    for await (const event of watch()) {
      expect(event.gone).toBe(false);
      break;
    }
    await ended;
  });

  it("an abort ends the loop without an error, while the server is silent", async () => {
    const stop = new AbortController();
    const ended = once(watched, "ended");
    let seen = 0;
    for await (const event of watch({ signal: stop.signal, hang: true })) {
      expect(event.target).toBeDefined();
      seen++;
      stop.abort();
    }
    expect(seen).toBe(1);
    await ended;
  });

  it("a slow reader holds the server back", async () => {
    const stream = watch();
    await stream.next();
    // Buffers of the socket and of both ends fill up; then nothing more is written, however often the loop turns.
    for (let turns = 0, before = written; turns < 1_000; turns = before === written ? turns + 1 : 0, before = written) await new Promise(setImmediate);
    expect(written).toBeLessThan(200);
    await stream.return(undefined);
  });
});
