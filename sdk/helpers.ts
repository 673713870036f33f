import type { Captured } from "../core/domain/captured.js";
import type { Delivery } from "../core/domain/delivery.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import type { BulkResult } from "./bulk-run.js";
import type { ConnectOptions } from "./connect-address.js";
import { DispatchClient, type BulkSendRequest, type CallOptions, type ExecCommandRequest, type SendRequest } from "./dispatch-client.js";
import type { TargetLike } from "./to-address.js";

async function once<T>(options: ConnectOptions, use: (client: DispatchClient) => PromiseLike<T>): Promise<T> {
  const client = await DispatchClient.connect(options);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** One prompt, over a connection of its own. A refusal is an outcome (`status`, `reason`), not an error. */
export function dispatch(request: SendRequest, options: ConnectOptions = {}): Promise<Delivery> {
  return once(options, (client) => client.send(request));
}

/** One prompt for many targets. */
export function dispatchBulk(request: BulkSendRequest, options: ConnectOptions = {}): Promise<BulkResult> {
  return once(options, (client) => client.bulk(request));
}

/** One reviewed command in a shell, to its verdict, or with `wait` to its end. */
export function dispatchExec(request: ExecCommandRequest, options: ConnectOptions = {}): Promise<Delivery> {
  return once(options, async (client) => {
    let done: Delivery | undefined;
    for await (const { delivery } of client.exec(request)) done = delivery ?? done;
    if (!done) throw new DispatchError("interrupted");
    return done;
  });
}

/** One key. */
export function dispatchKey({ target, key, ...call }: { target: TargetLike; key: string } & CallOptions, options: ConnectOptions = {}): Promise<Delivery> {
  return once(options, (client) => client.pressKey(target, key, call));
}

/** The text of a pane, secrets taken out. */
export function dispatchCapture({ target, ...request }: { target: TargetLike; lines?: number } & CallOptions, options: ConnectOptions = {}): Promise<Captured> {
  return once(options, (client) => client.capture(target, request));
}
