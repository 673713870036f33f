import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { Config } from "../../core/config/config.js";
import { socketPath } from "../../core/config/state-folder.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { ensureDaemon } from "./ensure-daemon.js";

/** Bytes from one end to the other until one of them ends. Starts the background process where that is ours to do, and nobody here has ended it. */
export async function pipeToNode(config: Config, input: Readable, output: Writable): Promise<void> {
  if (config.autostart) await ensureDaemon(config, { fromAfar: true });
  const path = socketPath(config.dataDir, "node.sock");
  await new Promise<void>((resolve, reject) => {
    const socket = connect(path);
    socket.on("error", (error) => reject(new DispatchError("node_unreachable", `The node does not answer at ${path}: ${error.message}.`, { cause: error })));
    socket.on("close", () => resolve());
    output.on("error", () => socket.destroy());
    input.on("end", () => socket.end());
    input.pipe(socket);
    socket.pipe(output);
  });
}
