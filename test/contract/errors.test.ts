import type { ServiceError } from "@grpc/grpc-js";
import { expect, it, onTestFinished } from "vitest";
import type { Log } from "../../core/log.js";
import { Status } from "../../proto/gen/google/rpc/status.js";
import { BadRequest, ErrorInfo, PreconditionFailure, ResourceInfo, RetryInfo } from "../../proto/gen/google/rpc/error_details.js";
import { startServers } from "../testkit/servers/start-servers.js";
import { all, dynamicClient, type DynamicClient } from "./dynamic-client.js";

const codecs = { ErrorInfo, BadRequest, PreconditionFailure, ResourceInfo, RetryInfo } as const;

/** The status of a failed call, with its details decoded by their type. */
function detailsOf(error: ServiceError): { code: number; message: string; details: Record<string, unknown> } {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const status = Status.decode(bytes as Buffer);
  const details = status.details.map(({ typeUrl, value }) => {
    const type = typeUrl.replace("type.googleapis.com/google.rpc.", "") as keyof typeof codecs;
    return [type, codecs[type].decode(value)] as const;
  });
  return { code: status.code, message: status.message, details: Object.fromEntries(details) };
}

async function coordinator(log?: Log): Promise<DynamicClient> {
  const servers = await startServers(log ? { log } : {});
  const client = dynamicClient(servers.coordinator.address, "Coordinator");
  onTestFinished(() => client.close());
  return client;
}

const failure = (promise: Promise<unknown>): Promise<ServiceError> => promise.then(() => expect.unreachable("it did not fail"), (error: unknown) => error as ServiceError);

it("an unknown pane is NOT_FOUND with the reason, the resource and what was asked for", async () => {
  const error = await failure((await coordinator()).unary("detect", { target: { pane: "gone:0.0" } }));
  expect(error.code).toBe(5);
  expect(detailsOf(error)).toEqual({
    code: 5, message: "No such pane.",
    details: {
      ErrorInfo: { reason: "not_found", domain: "dispatch", metadata: { field: "target", value: "gone:0.0" } },
      ResourceInfo: { resourceType: "target", resourceName: "gone:0.0", owner: "", description: "No such pane." },
    },
  });
});

it.each([
  ["an empty prompt", { target: { pane: "idle" }, prompt: " \n" }, "empty_prompt", "prompt"],
  ["a prompt over the limit", { target: { pane: "idle" }, prompt: "x".repeat(1024 * 1024 + 1) }, "prompt_too_large", "prompt"],
  ["no target", { prompt: "x" }, "invalid_argument", "target"],
] as const)("%s is INVALID_ARGUMENT and names the field", async (_what, request, reason, field) => {
  const error = await failure(all((await coordinator()).stream("send", request)));
  expect(error.code).toBe(3);
  expect(detailsOf(error).details).toMatchObject({ ErrorInfo: { reason }, BadRequest: { fieldViolations: [{ field, description: expect.any(String) }] } });
});

it("another prompt with a used key is ALREADY_EXISTS", async () => {
  const client = await coordinator();
  await all(client.stream("send", { target: { pane: "idle" }, prompt: "one", key: "k" }));
  const error = await failure(all(client.stream("send", { target: { pane: "idle" }, prompt: "two", key: "k" })));
  expect(error.code).toBe(6);
  expect(detailsOf(error).details).toMatchObject({ ErrorInfo: { reason: "key_conflict", metadata: { field: "key", value: "k", delivery: expect.stringMatching(/^[0-9a-f]{12}$/) } } });
});

it("of an error of ours nothing leaves the process but the word; the log has the rest", async () => {
  const logged: object[] = [];
  const log: Log = { debug() {}, info() {}, warn() {}, error: (fields) => void logged.push(fields) };
  const error = await failure((await coordinator(log)).unary("detect", { target: { pane: "broken" } }));
  expect(error.code).toBe(13);
  expect(detailsOf(error)).toEqual({ code: 13, message: "Something went wrong inside.", details: { ErrorInfo: { reason: "internal", domain: "dispatch", metadata: {} } } });
  expect(JSON.stringify(error)).not.toContain("secret");
  expect(logged).toEqual([{ error: expect.objectContaining({ message: "a secret of the inside" }), path: "/dispatch.v1.NodeAgent/Detect" }]);
});

it("a call that may succeed later says when to retry", async () => {
  const servers = await startServers();
  await servers.node.close();
  const client = dynamicClient(servers.coordinator.address, "Coordinator");
  onTestFinished(() => client.close());
  const error = await failure(client.unary("detect", { target: { pane: "idle" } }));
  expect(error.code).toBe(14);
  expect(detailsOf(error).details).toMatchObject({ ErrorInfo: { reason: "node_unreachable" }, RetryInfo: { retryDelay: { seconds: 1n } } });
});
