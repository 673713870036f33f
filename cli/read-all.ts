import type { Readable } from "node:stream";
import { largestPromptBytes } from "../core/config/config.js";
import { DispatchError } from "../core/errors/dispatch-error.js";

/** The bytes of a stream that ends; of one that goes on and on (`yes |`, /dev/zero) no more is taken than the longest prompt that may be configured. */
export async function readAll(stream: Readable, what: string, onBytes: () => void = () => undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    onBytes();
    const read = Buffer.from(chunk as Uint8Array);
    chunks.push(read);
    bytes += read.length;
    if (bytes > largestPromptBytes) {
      throw new DispatchError("prompt_too_large", `${what} has more than ${largestPromptBytes} bytes; no limit can be set so high.`, { metadata: { field: "prompt", limit: String(largestPromptBytes) } });
    }
  }
  return Buffer.concat(chunks);
}
