import { constants, createReadStream, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { readAll } from "./read-all.js";

const whys: Readonly<Record<string, string>> = { ENOENT: "there is no such file", ENOTDIR: "there is no such file", EISDIR: "it is a folder", EACCES: "you may not read it", EPERM: "you may not read it" };

/** The bytes of a file that an option names; `unreadable_file` says why there are none. `what` begins the sentence, such as "The file". */
export async function readNamedFile(path: string, what: string, option: string, timeoutMs: number): Promise<Buffer> {
  try {
    return await readAll(openStream(path), `${what} ${path}`, { field: option, timeoutMs });
  } catch (error) {
    if (error instanceof DispatchError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new DispatchError("unreadable_file", `${what} ${path} cannot be read: ${whys[code] ?? message}.`, { metadata: { field: option, value: path }, cause: error });
  }
}

/** A pipe by name that nobody writes to would hold a thread, and with it the process, until somebody does. */
function openStream(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return fstatSync(fd).isFIFO() ? new Socket({ fd, readable: true, writable: false }) : createReadStream(path, { fd });
}
