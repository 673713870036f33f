import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskBarrier } from "../../../core/store/disk-barrier.js";
import { openDatabase } from "../../../core/store/open-database.js";

let folder: string;
let database: Database.Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dispatch-disk-"));
  database = openDatabase(join(folder, "a.db"), ["CREATE TABLE t (x)"]);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** A disk that takes its time: each turn ends when it is told to. */
function slowDisk(): { sync: () => Promise<void>; turns: { end: () => void; fail: (error: Error) => void }[] } {
  const turns: { end: () => void; fail: (error: Error) => void }[] = [];
  return { turns, sync: () => new Promise((end, fail) => turns.push({ end, fail })) };
}

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("who asks while the disk is at work waits for a turn that begins after what was written, and shares it", async () => {
  const disk = slowDisk();
  const barrier = new DiskBarrier(database, disk.sync);
  const passed: string[] = [];
  const ask = (name: string): Promise<number> => barrier.passed().then(() => passed.push(name));
  const asked = [ask("first")];
  await turnOfTheLoop();
  asked.push(ask("second"), ask("third"));
  await turnOfTheLoop();
  expect(disk.turns.length).toBe(1);
  disk.turns[0]!.end();
  await turnOfTheLoop();
  expect(passed).toEqual(["first"]);
  expect(disk.turns.length).toBe(2);
  disk.turns[1]!.end();
  await Promise.all(asked);
  expect(passed).toEqual(["first", "second", "third"]);
  barrier.close();
});

test("who asks in the same turn of the loop shares one", async () => {
  const disk = slowDisk();
  const barrier = new DiskBarrier(database, disk.sync);
  const asked = [barrier.passed(), barrier.passed()];
  await turnOfTheLoop();
  disk.turns[0]!.end();
  await Promise.all(asked);
  expect(disk.turns.length).toBe(1);
  barrier.close();
});

test("a disk that has failed is told to those who waited for it, and is not believed any more", async () => {
  const disk = slowDisk();
  const barrier = new DiskBarrier(database, disk.sync);
  const failed = expect(barrier.passed()).rejects.toMatchObject({ reason: "state_unwritable", message: expect.stringContaining("i/o error") });
  await turnOfTheLoop();
  const alsoFailed = expect(barrier.passed()).rejects.toMatchObject({ reason: "state_unwritable" });
  barrier.assertSound();
  disk.turns[0]!.fail(new Error("EIO: i/o error"));
  await Promise.all([failed, alsoFailed]);
  expect(disk.turns.length).toBe(1);
  expect(() => barrier.assertSound()).toThrow("i/o error");
  barrier.close();
});

test("on the real disk, also after the log was emptied, which stays the same file", async () => {
  const barrier = new DiskBarrier(database);
  const { ino } = statSync(join(folder, "a.db-wal"));
  for (const value of [1, 2]) {
    database.prepare("INSERT INTO t VALUES (?)").run(value);
    await barrier.passed();
    database.pragma("wal_checkpoint(TRUNCATE)");
    expect(statSync(join(folder, "a.db-wal"))).toMatchObject({ ino, size: 0 });
  }
  barrier.close();
});
