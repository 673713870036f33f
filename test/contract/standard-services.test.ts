import { credentials, makeClientConstructor, type Client } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { startServers } from "../testkit/servers/start-servers.js";
import { reflect } from "./reflected-client.js";

type Anything = Record<string, (...args: unknown[]) => unknown>;

function clientOf(Service: unknown, address: string): Client & Anything {
  const client = new (Service as new (address: string, c: unknown) => Client & Anything)(address, credentials.createInsecure());
  onTestFinished(() => client.close());
  return client;
}

const call = (client: Anything, method: string, request: object): Promise<unknown> =>
  new Promise((resolve, reject) => client[method]!(request, (error: Error | null, response: unknown) => (error ? reject(error) : resolve(response))));

it.each(["node", "coordinator"] as const)("the %s answers health checks, for itself and for its service", async (which) => {
  const client = clientOf(makeClientConstructor(healthService, "Health"), (await startServers())[which].address);
  const service = which === "node" ? "dispatch.v1.NodeAgent" : "dispatch.v1.Coordinator";
  expect(await call(client, "check", { service: "" })).toEqual({ status: "SERVING" });
  expect(await call(client, "check", { service })).toEqual({ status: "SERVING" });
  await expect(call(client, "check", { service: "no.such.Service" })).rejects.toMatchObject({ code: 5 });
  const watch = client["watch"]!({ service }) as AsyncIterable<unknown>;
  for await (const status of watch) {
    expect(status).toEqual({ status: "SERVING" });
    break;
  }
});

it.each([["node", "v1"], ["node", "v1alpha"], ["coordinator", "v1"], ["coordinator", "v1alpha"]] as const)(
  "the %s reflects its contract (%s): services, and files with the names of the .proto files", async (which, version) => {
    const answers = await reflect((await startServers())[which].address, [{ listServices: "" }, { fileContainingSymbol: "dispatch.v1.NodeAgent" }], version);
    const services = (answers[0]!["listServicesResponse"] as { service: { name: string }[] }).service.map(({ name }) => name);
    expect(services).toEqual(expect.arrayContaining(["dispatch.v1.NodeAgent", "dispatch.v1.Coordinator"]));
    const files = (answers[1]!["fileDescriptorResponse"] as { fileDescriptorProto: Buffer[] }).fileDescriptorProto;
    expect(Buffer.concat(files).toString("latin1")).toContain("can_receive_prompt");
  },
);

it("a strict client that knows nothing but the address asks for the contract, and calls with it: maps and times included", async () => {
  const { coordinator } = await startServers();
  const buf = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));
  const curl = async (...args: string[]): Promise<string> => (await promisify(execFile)(buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--unix-socket", coordinator.address.replace(/^unix:/, ""), ...args])).stdout;
  expect((await curl("--list-services", "http://localhost")).trim().split("\n")).toEqual(["dispatch.v1.Coordinator", "dispatch.v1.NodeAgent"]);
  expect(JSON.parse(await curl("--data", '{"countAgents": true}', "http://localhost/dispatch.v1.Coordinator/ListNodes"))).toMatchObject({ nodes: [{ machine: "here", agents: { idle: 1 }, since: expect.stringMatching(/Z$/), latency: expect.stringMatching(/s$/) }] });
});
