import { open } from "node:fs/promises";

const chunkBytes = 256 * 1024;

/** The lines of a file as it is now, the last one first, in blocks, so that the end of a long record is read without its beginning. */
export async function* linesBack(path: string): AsyncGenerator<string, void, undefined> {
  const file = await open(path, "r");
  try {
    let end = (await file.stat()).size;
    // The part of a line whose beginning was not read yet, in pieces, last piece first.
    let pieces: Buffer[] = [];
    while (end > 0) {
      const from = Math.max(0, end - chunkBytes);
      const buffer = Buffer.alloc(end - from);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
      let rest = buffer.subarray(0, bytesRead);
      for (let at = rest.lastIndexOf(10); at >= 0; at = rest.lastIndexOf(10)) {
        yield Buffer.concat([rest.subarray(at + 1), ...pieces.toReversed()]).toString("utf8");
        pieces = [];
        rest = rest.subarray(0, at);
      }
      pieces.push(rest);
      end = from;
    }
    yield Buffer.concat(pieces.toReversed()).toString("utf8");
  } finally {
    await file.close();
  }
}
