import Database from "better-sqlite3";
import { mkdtempSync, rmSync, statSync } from "node:fs";
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
  database.exec(`DROP TRIGGER audit_keeps; DROP TRIGGER audit_stays; ${sql}`);
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

  it("what is cut off the end is told by the last hash", () => {
    filled();
    const before = opened().verify();
    tamper("DELETE FROM audit WHERE sequence = 5");
    const after = opened().verify();
    expect(after).toMatchObject({ entries: 4, brokenAt: 0 });
    expect(after.lastHash).not.toBe(before.lastHash);
  });
});
