import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../records/json-path.js";
import { parseObject } from "../../records/jsonl-tail.js";

/** The server that all TUIs of one Codex home share, by its pid file (0.171.0); none where there is no such file. The process may be gone. */
export function sharedServerOf(home: string): readonly number[] {
  const pid = at(parseObject(contentOf(join(home, "app-server-daemon/daemon.pid"))), "pid");
  return typeof pid === "number" ? [pid] : [];
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
