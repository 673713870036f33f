import type { Server } from "@grpc/grpc-js";
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

/** Lets grpcurl and dynamic clients ask for the contract. keepCase: the names on the wire are those of the .proto files. */
export function addReflection(server: Server): void {
  const path = (version: string): string => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  addLazyServices(server, { [path("v1")]: "bidi", [path("v1alpha")]: "bidi" }, async () => {
    const [{ loadSync }, { ReflectionService }] = await Promise.all([import("@grpc/proto-loader"), import("@grpc/reflection")]);
    const files = ["dispatch/v1/node_agent.proto", "dispatch/v1/coordinator.proto"];
    return new ReflectionService(loadSync(files, { keepCase: true, includeDirs: [join(packageRoot(), "proto")] }));
  });
}
