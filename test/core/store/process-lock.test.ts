import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { acquireLock } from "../../../core/store/process-lock.js";

const runTs = fileURLToPath(new URL("../../testkit/run-ts.mjs", import.meta.url));
const holder = fileURLToPath(new URL("./hold-lock.ts", import.meta.url));

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-lock-"));
  path = join(folder, "some.lock");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Another process that holds the lock. */
async function hold(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [runTs, holder, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  expect(String(said)).toBe("held\n");
  return child;
}

it("is held once, and free again after its release", () => {
  const lock = acquireLock(path, 0);
  expect(lock).toBeDefined();
  expect(acquireLock(path, 0)).toBeUndefined();
  lock!.release();
  const again = acquireLock(path, 0);
  expect(again).toBeDefined();
  again!.release();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("is held against other processes, and ends with its process, kill -9 included", async () => {
  const child = await hold();
  expect(acquireLock(path, 0)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = acquireLock(path, 0);
  expect(lock).toBeDefined();
  lock!.release();
});

it("waits for a holder that goes", async () => {
  const child = await hold();
  // The holder ends by itself; the wait blocks this process.
  child.kill("SIGTERM");
  const lock = acquireLock(path, 10_000);
  expect(lock).toBeDefined();
  lock!.release();
});

it("a folder that is not there is refused in plain words", () => {
  expect(() => acquireLock(join(path, "no", "lock"), 0)).toThrow(expect.objectContaining({ reason: "state_unwritable" }));
});
