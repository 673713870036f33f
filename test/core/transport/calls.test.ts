import { credentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { DispatchError } from "../../../core/errors/dispatch-error.js";
import { ownersGate } from "../../../core/transport/owners-gate.js";
import { silentLog } from "../../../core/log.js";
import { callStream, callUnary } from "../../../core/transport/calls.js";
import { channelOptions } from "../../../core/transport/channel-options.js";
import { inProcessClient } from "../../../core/transport/in-process-client.js";
import { serveOnSocket } from "../../../core/transport/grpc-server.js";
import { serverStream, unary, type CallContext } from "../../../core/transport/handlers.js";
import { NodeAgentClient, NodeAgentService, type CaptureResponse, type NodeAgentServer, type WatchResponse } from "../../../proto/index.js";

const unreachable = "node_unreachable";
const unlucky = 13;
const line = "x".repeat(64 * 1024);

interface Served {
  readonly service: NodeAgentServer;
  readonly contexts: CallContext[];
  readonly watched: EventTarget;
  /** Answers of `watch` so far. */
  written: number;
}

/** A service whose `capture` answers, hangs or fails, and whose `watch` tells for ever, hangs after the first, or fails after the second. */
function testService(): Served {
  const served = { contexts: [] as CallContext[], watched: new EventTarget(), written: 0 };
  const capture = async (request: { lines: number }, context: CallContext): Promise<CaptureResponse> => {
    served.contexts.push(context);
    if (request.lines === 0) await once(context.signal, "abort");
    if (request.lines === unlucky) throw new DispatchError("pane_dead", "It has ended.", { metadata: { target: "%7" } });
    return { target: undefined, text: "y".repeat(request.lines), lines: request.lines, capturedAt: undefined, detection: undefined, redactions: 0 };
  };
  async function* watch(request: { target?: { pane: string } | undefined }, context: CallContext): AsyncGenerator<WatchResponse> {
    served.contexts.push(context);
    try {
      do {
        served.written++;
        yield { target: { target: { machine: line, server: "", paneId: "", target: "", panePid: 0, window: "", active: false, width: 0, height: 0 }, detection: undefined }, gone: false };
        if (request.target?.pane === "hangs") await once(context.signal, "abort");
        if (request.target?.pane === "fails" && served.written === 2) throw new DispatchError("pane_dead", "It has ended.", { metadata: { target: "%7" } });
      } while (!context.signal.aborted);
    } finally {
      served.watched.dispatchEvent(new Event("ended"));
    }
  }
  return Object.assign(served, { service: { capture: unary(capture, ownersGate(silentLog)), watch: serverStream(watch, ownersGate(silentLog)) } as unknown as NodeAgentServer });
}

async function onSocket(service: NodeAgentServer): Promise<NodeAgentClient> {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-calls-"));
  const socket = join(folder, "s.sock");
  const listening = await serveOnSocket(socket, "dispatch.v1.NodeAgent", NodeAgentService, service);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  const client = new NodeAgentClient(listening.address, credentials.createInsecure(), channelOptions);
  onTestFinished(async () => {
    client.close();
    await listening.close();
    rmSync(folder, { recursive: true });
  });
  return client;
}

const inProcess = async (service: NodeAgentServer): Promise<NodeAgentClient> => inProcessClient(NodeAgentService, service as unknown as UntypedServiceImplementation);

const capture = (client: NodeAgentClient, lines: number, settings: { deadline?: Date; signal?: AbortSignal } = {}): Promise<CaptureResponse> =>
  callUnary(client.capture.bind(client), { target: undefined, lines }, { ...settings, unreachable });

const watch = (client: NodeAgentClient, pane: string | undefined, signal?: AbortSignal): AsyncGenerator<WatchResponse> =>
  callStream(client.watch.bind(client), { target: pane === undefined ? undefined : { machine: "", server: "", pane } }, { signal, unreachable });

const ways = [["over a socket", onSocket], ["in this process", inProcess]] as const;

describe.each(ways)("a call for one answer, %s", (_, clientOf) => {
  it("tells the server its deadline, and fails as no_answer when it passes; the server is told", async () => {
    const { service, contexts } = testService();
    const deadline = new Date(Date.now() + 300);
    await expect(capture(await clientOf(service), 0, { deadline })).rejects.toMatchObject({ reason: "no_answer" });
    expect(contexts[0]!.deadline!.getTime() - deadline.getTime()).toBeLessThan(100);
    if (!contexts[0]!.signal.aborted) await once(contexts[0]!.signal, "abort");
  });

  it("has no deadline where none was set", async () => {
    const { service, contexts } = testService();
    await capture(await clientOf(service), 1);
    expect(contexts[0]!.deadline).toBeUndefined();
  });

  it("is cancelled on both ends by its signal", async () => {
    const { service, contexts } = testService();
    const client = await clientOf(service);
    const stop = new AbortController();
    const call = capture(client, 0, { signal: stop.signal });
    const failed = expect(call).rejects.toMatchObject({ reason: "interrupted" });
    while (contexts.length === 0) await new Promise(setImmediate);
    stop.abort();
    await failed;
    if (!contexts[0]!.signal.aborted) await once(contexts[0]!.signal, "abort");
    await expect(capture(client, 1, { signal: stop.signal })).rejects.toMatchObject({ reason: "interrupted" });
  });

  it("carries answers beyond the 4 MiB that gRPC allows by default", async () => {
    expect((await capture(await clientOf(testService().service), 5 * 1024 * 1024)).text).toHaveLength(5 * 1024 * 1024);
  });

  it("brings the server's error, whole", async () => {
    await expect(capture(await clientOf(testService().service), unlucky)).rejects.toMatchObject({ reason: "pane_dead", message: "It has ended.", metadata: { target: "%7" } });
  });
});

describe("a call over a socket", () => {
  it("for a method that the server does not have is other_version", async () => {
    const client = await onSocket(testService().service);
    await expect(callUnary(client.describe.bind(client), {}, { unreachable })).rejects.toMatchObject({ reason: "other_version" });
  });

  it("with nobody there is what the caller says it is", async () => {
    const nobody = new NodeAgentClient("unix:/nonexistent/s.sock", credentials.createInsecure());
    onTestFinished(() => nobody.close());
    await expect(callUnary(nobody.describe.bind(nobody), {}, { unreachable: "daemon_unavailable" })).rejects.toMatchObject({ reason: "daemon_unavailable" });
  });
});

describe.each(ways)("a call for a stream, %s", (_, clientOf) => {
  it("leaving the loop ends the server's iteration", async () => {
    const { service, watched } = testService();
    const ended = once(watched, "ended");
    for await (const event of watch(await clientOf(service), undefined)) {
      expect(event.gone).toBe(false);
      break;
    }
    await ended;
  });

  it("an abort ends the loop without an error, while the server is silent", async () => {
    const { service, watched } = testService();
    const stop = new AbortController();
    const ended = once(watched, "ended");
    let seen = 0;
    for await (const event of watch(await clientOf(service), "hangs", stop.signal)) {
      expect(event.target).toBeDefined();
      seen++;
      stop.abort();
    }
    expect(seen).toBe(1);
    await ended;
  });

  it("what was told before an error is read before it", async () => {
    let seen = 0;
    const reading = (async () => {
      for await (const event of watch(await clientOf(testService().service), "fails")) {
        if (event.target) seen++;
        await new Promise(setImmediate);
      }
    })();
    await expect(reading).rejects.toMatchObject({ reason: "pane_dead", metadata: { target: "%7" } });
    expect(seen).toBe(2);
  });

  it("its deadline ends it as no_answer", async () => {
    const { service, contexts } = testService();
    const client = await clientOf(service);
    const reading = (async () => {
      for await (const event of callStream(client.watch.bind(client), { target: { machine: "", server: "", pane: "hangs" } }, { deadline: new Date(Date.now() + 200), unreachable })) expect(event.target).toBeDefined();
    })();
    await expect(reading).rejects.toMatchObject({ reason: "no_answer" });
    if (!contexts[0]!.signal.aborted) await once(contexts[0]!.signal, "abort");
  });

  it("a slow reader holds the server back, and goes on with it", async () => {
    const served = testService();
    const stream = watch(await clientOf(served.service), undefined);
    await stream.next();
    // Buffers of the socket and of both ends fill up; then nothing more is written, however often the loop turns.
    for (let turns = 0, before = served.written; turns < 1_000; turns = before === served.written ? turns + 1 : 0, before = served.written) await new Promise(setImmediate);
    const held = served.written;
    expect(held).toBeLessThan(200);
    for (let read = 0; read < held + 20; read++) expect((await stream.next()).done).toBe(false);
    await stream.return(undefined);
  });
});
