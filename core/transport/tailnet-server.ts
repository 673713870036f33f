import { Server, ServerCredentials, type ChannelOptions, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { Clock } from "../clock.js";
import type { Tailnet } from "../tailscale/tailnet.js";
import type { Listening } from "./grpc-server.js";
import { firstMessage } from "./first-message.js";
import { formatHostPort } from "./host-port.js";

/** Serves one service on this machine's own address of the tailnet and on no other. WireGuard encrypts; who calls is for the gate to ask. */
export async function serveOnTailnet({ tailnet, port, channel, service, implementation, clock, onRefused }: {
  tailnet: Tailnet; port: number; channel: ChannelOptions; service: ServiceDefinition; implementation: UntypedServiceImplementation; clock: Clock;
  onRefused: (refusal: { peer: string; why: string; rpc?: string }) => void;
}): Promise<Listening> {
  const server = new Server({ ...channel, interceptors: [firstMessage(clock, onRefused)] });
  server.addService(service, implementation);
  const host = await tailnet.ownAddress();
  const listen = formatHostPort(host, port);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, actual) => {
      if (error) reject(new DispatchError("state_unwritable", `${listen} cannot be listened on: ${error.message}.`, { metadata: { field: "listen", value: listen }, cause: error }));
      else resolve(actual);
    });
  });
  return {
    address: formatHostPort(host, bound),
    close() {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}
