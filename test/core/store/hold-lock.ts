import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { acquireLock } from "../../../core/store/process-lock.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** `hold-lock.ts PATH`: takes the lock, forgets it, says so, and lives until it is killed. */
const word = acquireLock(process.argv[2]!, 0) ? "held\n" : "busy\n";
setImmediate(() => {
  // Nobody refers to the lock any more: it stays held all the same.
  collectGarbage();
  process.stdout.write(word);
});
setInterval(() => undefined, 60_000);
