import { serve } from "@hono/node-server";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { bearerToken } from "../../core/access/bearer-token.js";
import type { Config } from "../../core/config/config.js";
import { socketPath } from "../../core/config/state-folder.js";
import type { Principal } from "../../core/domain/principal.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import type { Log } from "../../core/log.js";
import { formatHostPort, parseHostPort } from "../../core/transport/host-port.js";
import { httpApi, type HttpApiParts } from "./http-api.js";

/** Serves `/v1` where that is configured; undefined where it is not. On loopback alone: tokens go in the clear. */
export async function serveHttp(config: Config, log: Log, onRefused: HttpApiParts["onRefused"]): Promise<{ address: string; close(): Promise<void> } | undefined> {
  const { httpListen, dataDir } = config;
  if (httpListen === undefined) return undefined;
  const { host, port } = parseHostPort(httpListen);
  if (!["127.0.0.1", "localhost", "::1"].includes(host)) throw new DispatchError("insecure_listen", `${httpListen} is not loopback: tokens would go over the network in the clear.`, { metadata: { field: "httpListen", value: httpListen } });
  const app = httpApi({ config, address: `unix:${socketPath(dataDir, "coordinator.sock")}`, callerOf: tokens(config), onRefused });
  const server = await new Promise<Server>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(starting as Server));
    starting.once("error", (error: Error) => reject(new DispatchError("state_unwritable", `${httpListen} cannot be listened on: ${error.message}.`, { metadata: { field: "httpListen", value: httpListen }, cause: error })));
  });
  const address = formatHostPort(host, (server.address() as AddressInfo).port);
  log.info({ address }, "serving /v1 over HTTP");
  return {
    address,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** Those of the configuration; where there are none, the one of the state folder, which may do everything. */
function tokens({ httpTokens, dataDir }: Config): (token: string) => Principal | undefined {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const known: { hash: Buffer; principal: Principal }[] = httpTokens.map(({ name, sha256, ...grant }) => ({ hash: Buffer.from(sha256, "hex"), principal: { kind: "client", name, grants: [grant] } }));
  if (known.length === 0) known.push({ hash: digest(bearerToken(dataDir, "http.token").token), principal: { kind: "client", name: "http", grants: [{ roles: ["admin"] }] } });
  return (token) => {
    const hash = digest(token);
    // Each is compared, so that the time tells nothing.
    return known.filter((one) => timingSafeEqual(one.hash, hash)).at(0)?.principal;
  };
}
