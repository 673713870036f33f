import type { ConnectOptions, DispatchClient } from "../sdk/index.js";

/** The client is loaded with the first call, not at the start: most of what it brings along is gRPC. */
export async function connect(options: ConnectOptions): Promise<DispatchClient> {
  const { DispatchClient: Client } = await import("../sdk/dispatch-client.js");
  return Client.connect(options);
}
