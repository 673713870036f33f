import type { Captured } from "../core/domain/captured.js";
import type { Delivery } from "../core/domain/delivery.js";
import type { AiResult } from "./ai/transform-transcript.js";
import type { BulkResult } from "./bulk-run.js";
import type { ConnectOptions } from "./connect-address.js";
import { DispatchClient, type BulkSendRequest, type CaptureRequest, type ExecCommandRequest, type KeyRequest, type SendRequest } from "./dispatch-client.js";

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
  return once(options, (client) => client.bulkSend(request));
}

/** One reviewed command in a shell, to its verdict, or with `wait` to its end. */
export function dispatchExec(request: ExecCommandRequest, options: ConnectOptions = {}): Promise<Delivery> {
  return once(options, (client) => client.exec(request));
}

/** One key. */
export function dispatchKey(request: KeyRequest, options: ConnectOptions = {}): Promise<Delivery> {
  return once(options, (client) => client.key(request));
}

/** The text of a pane, secrets taken out. */
export function dispatchCapture(request: CaptureRequest, options: ConnectOptions = {}): Promise<Captured & { readonly ai?: AiResult }> {
  return once(options, (client) => client.capture(request));
}
