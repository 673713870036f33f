import { create, createFileRegistry, fromBinary, fromJson, toBinary, toJson, type DescMessage, type FileRegistry, type JsonValue } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, type FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { credentials, loadPackageDefinition, makeClientConstructor, type Client, type ClientReadableStream, type ServiceDefinition, type ServiceError, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { DynamicClient } from "./dynamic-client.js";

type Reflection = Client & { serverReflectionInfo(): AsyncIterable<Record<string, unknown>> & { write(request: object): void; end(): void } };

const reflectionFolder = dirname(createRequire(import.meta.url).resolve("@grpc/reflection/package.json"));

/** Asks a server's reflection service, in one stream. */
export async function reflect(address: string, requests: readonly object[], version: "v1" | "v1alpha" = "v1"): Promise<Record<string, unknown>[]> {
  const definition = loadSync(`grpc/reflection/${version}/reflection.proto`, { includeDirs: [join(reflectionFolder, "build", "proto"), join(reflectionFolder, "proto")], oneofs: true });
  const loaded = loadPackageDefinition(definition) as unknown as { grpc: { reflection: Record<string, { ServerReflection: new (address: string, c: unknown) => Reflection }> } };
  const client = new loaded.grpc.reflection[version]!.ServerReflection(address, credentials.createInsecure());
  try {
    const stream = client.serverReflectionInfo();
    for (const request of requests) stream.write(request);
    stream.end();
    const answers: Record<string, unknown>[] = [];
    for await (const answer of stream) answers.push(answer);
    return answers;
  } finally {
    client.close();
  }
}

/** The contract as a running server tells it, imports asked for by name as grpcurl does. What is not whole does not load. */
export async function reflectedContract(address: string): Promise<FileRegistry> {
  const known = new Map<string, FileDescriptorProto>();
  for (let asked: object[] = [{ fileContainingSymbol: "dispatch.v1.Coordinator" }]; asked.length > 0;) {
    for (const answer of await reflect(address, asked)) {
      const { fileDescriptorProto } = answer["fileDescriptorResponse"] as { fileDescriptorProto: Buffer[] };
      for (const file of fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes))) known.set(file.name, file);
    }
    asked = [...new Set([...known.values()].flatMap(({ dependency }) => dependency))].filter((name) => !known.has(name)).map((name) => ({ fileByFilename: name }));
  }
  // What is imported comes first.
  const sorted = new Map<string, FileDescriptorProto>();
  const add = (name: string): void => {
    const file = known.get(name)!;
    for (const imported of file.dependency) add(imported);
    sorted.set(name, file);
  };
  for (const name of known.keys()) add(name);
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...sorted.values()] }));
}

/**
 * A client that knows of the contract what the server reflects, and nothing else; messages are protobuf's JSON, as with grpcurl. Each message
 * that goes through it is read and written by the generated code too: if that is not the same message, the call fails.
 */
export async function reflectedClient(address: string, name: string, generated: ServiceDefinition<UntypedServiceImplementation>): Promise<DynamicClient> {
  const registry = await reflectedContract(address);
  const { typeName, methods } = registry.getService(`dispatch.v1.${name}`)!;
  const jsonOf = (type: DescMessage, bytes: Uint8Array): JsonValue => toJson(type, fromBinary(type, bytes), { registry });
  const definition: Record<string, ServiceDefinition[string]> = {};
  for (const { localName, name: rpc, methodKind, input, output } of methods) {
    const ours = generated[localName]!;
    const compared = (type: DescMessage, bytes: Buffer, rewritten: Buffer): JsonValue => {
      const [theirs, json] = [jsonOf(type, rewritten), jsonOf(type, bytes)];
      if (!isDeepStrictEqual(theirs, json)) throw new Error(`${rpc}: generated code makes ${JSON.stringify(theirs)} of ${JSON.stringify(json)}`);
      return json;
    };
    definition[localName] = {
      path: `/${typeName}/${rpc}`, requestStream: false, responseStream: methodKind === "server_streaming",
      requestSerialize(message: JsonValue) {
        const bytes = Buffer.from(toBinary(input, fromJson(input, message, { registry })));
        compared(input, bytes, ours.requestSerialize(ours.requestDeserialize(bytes) as never));
        return bytes;
      },
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => compared(output, bytes, ours.responseSerialize(ours.responseDeserialize(bytes) as never)),
    };
  }
  type Message = Record<string, unknown>;
  const client = new (makeClientConstructor(definition, name))(address, credentials.createInsecure()) as Client & Record<string, (...args: unknown[]) => unknown>;
  return {
    unary: (method, request) => new Promise<Message>((resolve, reject) => {
      client[method]!(request, (error: ServiceError | null, response: Message) => (error ? reject(error) : resolve(response)));
    }),
    stream: (method, request) => client[method]!(request) as ClientReadableStream<Message>,
    close: () => client.close(),
  };
}
