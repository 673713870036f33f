import type { Readable } from "node:stream";
import { systemClock } from "../core/clock.js";
import { largestPromptBytes } from "../core/config/config.js";
import { DispatchError } from "../core/errors/dispatch-error.js";

export interface ReadOptions {
  /** Named by errors. */
  readonly field: string;
  readonly timeoutMs: number;
  readonly onBytes?: () => void;
}

/** The bytes of a stream that ends in time; of one that goes on and on (`yes |`, /dev/zero) no more is taken than the longest prompt that may be configured. */
export async function readAll(stream: Readable, what: string, { field, timeoutMs, onBytes = () => undefined }: ReadOptions): Promise<Buffer> {
  const late = systemClock.after(timeoutMs, () => stream.destroy(new DispatchError("invalid_argument", `${what} did not end in time.`, { metadata: { field } })));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      onBytes();
      const read = Buffer.from(chunk as Uint8Array);
      chunks.push(read);
      bytes += read.length;
      if (bytes > largestPromptBytes) {
        throw new DispatchError("prompt_too_large", `${what} has more than ${largestPromptBytes} bytes; no limit can be set so high.`, { metadata: { field: "prompt", limit: String(largestPromptBytes) } });
      }
    }
  } finally {
    late();
  }
  return Buffer.concat(chunks);
}
