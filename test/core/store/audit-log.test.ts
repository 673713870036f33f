import Database from "better-sqlite3";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../core/clock.js";
import type { NewAuditEntry } from "../../../core/domain/audit.js";
import { AuditLog } from "../../../core/store/audit-log.js";

const entry = (subject: string, outcome = "admitted"): NewAuditEntry => ({ subject, caller: "coordinator:hub", rpc: "/dispatch.v1.NodeAgent/Deliver", target: "work:0", textSha256: "ab", textBytes: 3, outcome, detail: "" });

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-audit-"));
  path = join(folder, "audit.db");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

function filled(): void {
  const log = new AuditLog(path, systemClock);
  for (const subject of ["client:a", "client:b", "client:a", "client:c"]) log.append(entry(subject));
  log.append(entry("client:b", "denied"));
  log.close();
}

/** As somebody who has the file and takes the triggers off. */
function tamper(sql: string): void {
  const database = new Database(path);
  database.exec(`DROP TRIGGER IF EXISTS audit_keeps; DROP TRIGGER IF EXISTS audit_stays; ${sql}`);
  database.close();
}

function opened(): AuditLog {
  const log = new AuditLog(path, systemClock);
  onTestFinished(() => log.close());
  return log;
}

describe("the audit log", () => {
  it("goes on where it was left, and is private", () => {
    filled();
    const log = opened();
    log.append(entry("client:d"));
    expect(log.verify()).toMatchObject({ entries: 6, brokenAt: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(log.list({ subject: "", deniedOnly: false, limit: 2 }).map(({ sequence, subject }) => [sequence, subject])).toEqual([[6, "client:d"], [5, "client:b"]]);
    expect(log.list({ subject: "client:a", deniedOnly: false, limit: 9 }).map(({ sequence }) => sequence)).toEqual([3, 1]);
    expect(log.list({ subject: "coordinator:hub", deniedOnly: true, limit: 9 }).map(({ sequence }) => sequence)).toEqual([5]);
  });

  it("is only added to", () => {
    filled();
    const database = new Database(path);
    expect(() => database.exec("UPDATE audit SET at = 0")).toThrow(/only added to/);
    expect(() => database.exec("DELETE FROM audit")).toThrow(/only added to/);
    database.close();
  });

  it.each([
    ["UPDATE audit SET body = replace(body, 'client:b', 'client:x') WHERE sequence = 2", 2],
    ["UPDATE audit SET at = at + 1 WHERE sequence = 3", 3],
    ["DELETE FROM audit WHERE sequence = 3", 4],
    ["DELETE FROM audit WHERE sequence = 1", 2],
    ["UPDATE audit SET hash = hex(randomblob(32)) WHERE sequence = 5", 5],
  ])("%s is found", (sql, brokenAt) => {
    filled();
    tamper(sql);
    expect(opened().verify().brokenAt).toBe(brokenAt);
  });

  it.each<[string, string, number]>([
    ["cut off", "DELETE FROM audit WHERE sequence = 5", 5],
    ["cut off further up", "DELETE FROM audit WHERE sequence > 2", 3],
    ["emptied", "DELETE FROM audit", 1],
    ["put in another order", "UPDATE audit SET sequence = 99 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 99", 2],
  ])("a log that was %s is found, also after it went on", (_how, sql, brokenAt) => {
    filled();
    tamper(sql);
    const log = opened();
    expect(log.verify().brokenAt).toBe(brokenAt);
    log.append(entry("client:d"));
    expect(log.verify().brokenAt).not.toBe(0);
    log.close();
    expect(opened().verify().brokenAt).not.toBe(0);
  });

  it("a log that is cut off while it is open, or replaced by an earlier copy, is found", () => {
    filled();
    const log = opened();
    tamper("DELETE FROM audit WHERE sequence = 5");
    expect(log.verify()).toMatchObject({ entries: 4, brokenAt: 5 });
    log.close();
    rmSync(path);
    expect(opened().verify()).toMatchObject({ entries: 0, brokenAt: 1 });
  });

  it("an entry that was written by one who was killed right after it is no gap", () => {
    filled();
    const head = readFileSync(`${path}.head`);
    const log = opened();
    log.append(entry("client:d"));
    log.close();
    writeFileSync(`${path}.head`, head);
    expect(opened().verify()).toMatchObject({ entries: 6, brokenAt: 0 });
  });

  it("who rewrites all of it is found by what was noted elsewhere", () => {
    filled();
    const log = opened();
    const { entries: sequence, lastHash: hash } = log.verify();
    log.append(entry("client:d"));
    expect(log.verify({ sequence, hash })).toMatchObject({ entries: 6, brokenAt: 0 });
    log.close();
    for (const name of [path, `${path}.head`]) rmSync(name);
    filled();
    expect(opened().verify()).toMatchObject({ entries: 5, brokenAt: 0 });
    expect(opened().verify({ sequence, hash })).toMatchObject({ brokenAt: 5 });
    expect(opened().verify({ sequence: 9, hash })).toMatchObject({ brokenAt: 6 });
  });
});
