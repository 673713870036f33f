import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { chmodSync, rmSync } from "node:fs";
import { DispatchError } from "../errors/dispatch-error.js";
import { channelOptions } from "./channel-options.js";
import { addHealth, addReflection } from "./standard-services.js";

export interface Listening {
  /** `unix:/path` */
  readonly address: string;
  /** Ends open calls with an error and stops to listen. */
  close(): Promise<void>;
}

/**
 * Serves one service, with health and reflection beside it, on a unix socket (0600).
 * The caller holds the lock of that socket: what lies at its path is a leftover.
 */
export async function serveOnSocket(
  socketPath: string, serviceName: string, service: ServiceDefinition, implementation: UntypedServiceImplementation,
): Promise<Listening> {
  const server = new Server(channelOptions);
  server.addService(service, implementation);
  addHealth(server, serviceName);
  addReflection(server);
  rmSync(socketPath, { force: true });
  const address = `unix:${socketPath}`;
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
      if (error) reject(new DispatchError("state_unwritable", `${socketPath} cannot be listened on: ${error.message}.`, { metadata: { path: socketPath }, cause: error }));
      else resolve();
    });
  });
  chmodSync(socketPath, 0o600);
  return {
    address,
    close() {
      // Ends those connections alone that channelz, which is on by default, keeps count of (grpc-js 1.14.7).
      server.forceShutdown();
      rmSync(socketPath, { force: true });
      return Promise.resolve();
    },
  };
}
