import { credentials, loadPackageDefinition, makeClientConstructor, type Client } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { service as healthService } from "grpc-health-check";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startServers } from "../testkit/servers/start-servers.js";

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
    const reflection = dirname(createRequire(import.meta.url).resolve("@grpc/reflection/package.json"));
    const definition = loadSync(`grpc/reflection/${version}/reflection.proto`, { includeDirs: [join(reflection, "build", "proto"), join(reflection, "proto")], oneofs: true });
    const loaded = loadPackageDefinition(definition) as unknown as { grpc: { reflection: Record<string, { ServerReflection: unknown }> } };
    const client = clientOf(loaded.grpc.reflection[version]!.ServerReflection, (await startServers())[which].address);
    const stream = client["serverReflectionInfo"]!() as AsyncIterable<Record<string, unknown>> & { write(request: object): void; end(): void };
    stream.write({ listServices: "" });
    stream.write({ fileContainingSymbol: "dispatch.v1.NodeAgent" });
    stream.end();
    const answers: Record<string, unknown>[] = [];
    for await (const answer of stream) answers.push(answer);
    const services = (answers[0]!["listServicesResponse"] as { service: { name: string }[] }).service.map(({ name }) => name);
    expect(services).toEqual(expect.arrayContaining(["dispatch.v1.NodeAgent", "dispatch.v1.Coordinator"]));
    const files = (answers[1]!["fileDescriptorResponse"] as { fileDescriptorProto: Buffer[] }).fileDescriptorProto;
    expect(Buffer.concat(files).toString("latin1")).toContain("can_receive_prompt");
  },
);
