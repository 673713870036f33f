import type { Server } from "@grpc/grpc-js";
import type { AnyDefinition } from "@grpc/proto-loader";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { addLazyServices } from "./lazy-services.js";

/** Health (`grpc.health.v1`) of the server and of the service that it serves. */
export function addHealth(server: Server, serviceName: string): void {
  const methods = { "/grpc.health.v1.Health/Check": "unary", "/grpc.health.v1.Health/Watch": "serverStream", "/grpc.health.v1.Health/List": "unary" } as const;
  addLazyServices(server, methods, async () => {
    const { HealthImplementation } = await import("grpc-health-check");
    return new HealthImplementation({ "": "SERVING", [serviceName]: "SERVING" });
  });
}

/**
 * Lets grpcurl and dynamic clients ask for the contract. The descriptors are the compiler's own: those that proto-loader makes of the .proto
 * files (0.8.1) lack imports, full type names and `optional`, and a strict client refuses them.
 */
export function addReflection(server: Server): void {
  const path = (version: string): string => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  addLazyServices(server, { [path("v1")]: "bidi", [path("v1alpha")]: "bidi" }, async () => {
    const [{ ReflectionService }, { BinaryReader }] = await Promise.all([import("@grpc/reflection"), import("@bufbuild/protobuf/wire")]);
    const reader = new BinaryReader(await readFile(join(packageRoot(), "proto", "contract.binpb")));
    const fileDescriptorProtos: Buffer[] = [];
    // A FileDescriptorSet is its files, one after the other.
    while (reader.pos < reader.len) {
      reader.tag();
      fileDescriptorProtos.push(Buffer.from(reader.bytes()));
    }
    return new ReflectionService({ contract: { format: "Protocol Buffer 3 DescriptorProto", type: {}, fileDescriptorProtos } as unknown as AnyDefinition });
  });
}
