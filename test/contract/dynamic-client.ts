import { credentials, loadPackageDefinition, type Client, type ClientReadableStream, type ServiceError } from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer, loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Message = Record<string, unknown>;

const options = { enums: String, longs: String, defaults: false, keepCase: false } as const;

export const protoFolder = fileURLToPath(new URL("../../proto", import.meta.url));

/** The contract as the .proto files of a folder have it. */
export function contractIn(folder: string): PackageDefinition {
  return loadSync(["dispatch/v1/node_agent.proto", "dispatch/v1/coordinator.proto"], { ...options, includeDirs: [folder] });
}

/** The contract as it was first given out. */
export function firstContract(): PackageDefinition {
  return loadFileDescriptorSetFromBuffer(readFileSync(`${protoFolder}/baseline.binpb`), options);
}

/** A client made from the .proto files at run time: it knows nothing of the generated code. */
export interface DynamicClient {
  unary(method: string, request: Message): Promise<Message>;
  stream(method: string, request: Message): ClientReadableStream<Message>;
  close(): void;
}

export function dynamicClient(address: string, service: "NodeAgent" | "Coordinator", definition = contractIn(protoFolder)): DynamicClient {
  const loaded = loadPackageDefinition(definition) as unknown as { dispatch: { v1: Record<string, new (address: string, c: unknown) => Client> } };
  const Service = loaded.dispatch.v1[service]!;
  const client = new Service(address, credentials.createInsecure()) as Client & Record<string, (...args: unknown[]) => unknown>;
  return {
    unary: (method, request) => new Promise((resolve, reject) => {
      client[method]!(request, (error: ServiceError | null, response: Message) => (error ? reject(error) : resolve(response)));
    }),
    stream: (method, request) => client[method]!(request) as ClientReadableStream<Message>,
    close: () => client.close(),
  };
}

export async function all(stream: ClientReadableStream<Message>): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of stream) messages.push(message as Message);
  return messages;
}
