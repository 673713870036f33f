import { credentials } from "@grpc/grpc-js";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { defaultConfig } from "../../core/config/config.js";
import { socketPath } from "../../core/config/state-folder.js";
import { ownersGate } from "../../core/transport/owners-gate.js";
import { silentLog } from "../../core/log.js";
import { callUnary } from "../../core/transport/calls.js";
import { serveOnSocket } from "../../core/transport/grpc-server.js";
import { unary, type CallContext } from "../../core/transport/handlers.js";
import { startCoordinator } from "../../coordinator/main.js";
import { CoordinatorClient, NodeAgentService, type DetectResponse, type NodeAgentServer } from "../../proto/index.js";

/** A coordinator over a node that answers nothing and remembers what it knew of each call. */
async function overSilentNode(): Promise<{ client: CoordinatorClient; asked: Promise<CallContext> }> {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-deadlines-"));
  const config = { ...defaultConfig({ HOME: folder }), dataDir: join(folder, "state") };
  mkdirSync(config.dataDir, { mode: 0o700 });
  let tell: (context: CallContext) => void;
  const asked = new Promise<CallContext>((resolve) => (tell = resolve));
  const detect = async (_request: unknown, context: CallContext): Promise<DetectResponse> => {
    tell(context);
    await once(context.signal, "abort");
    return { target: undefined };
  };
  const service = { detect: unary(detect, ownersGate(silentLog)) } as unknown as NodeAgentServer;
  const node = await serveOnSocket(socketPath(config.dataDir, "node.sock"), "dispatch.v1.NodeAgent", NodeAgentService, service);
  const coordinator = await startCoordinator(config, silentLog);
  const client = new CoordinatorClient(coordinator.address, credentials.createInsecure());
  onTestFinished(async () => {
    client.close();
    await coordinator.close();
    await node.close();
    rmSync(folder, { recursive: true });
  });
  return { client, asked };
}

const request = { target: { machine: "", server: "", pane: "%1" } };

it("the caller's deadline is the node's, and ends the call on all three", async () => {
  const { client, asked } = await overSilentNode();
  const deadline = new Date(Date.now() + 1_000);
  const call = callUnary(client.detect.bind(client), request, { deadline, unreachable: "daemon_unavailable" });
  const failed = expect(call).rejects.toMatchObject({ reason: "no_answer" });
  const context = await asked;
  expect(Math.abs(context.deadline!.getTime() - deadline.getTime())).toBeLessThan(250);
  await failed;
  if (!context.signal.aborted) await once(context.signal, "abort");
});

it("a caller that hangs up ends the call in the node", async () => {
  const { client, asked } = await overSilentNode();
  const stop = new AbortController();
  const failed = expect(callUnary(client.detect.bind(client), request, { signal: stop.signal, unreachable: "daemon_unavailable" })).rejects.toMatchObject({ reason: "interrupted" });
  const { signal, deadline } = await asked;
  expect(deadline).toBeUndefined();
  stop.abort();
  await failed;
  if (!signal.aborted) await once(signal, "abort");
});
