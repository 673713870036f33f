import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ensurePrivateFolder, socketFolder, socketPath } from "../../../core/config/state-folder.js";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "dispatch-state-"));
  onTestFinished(() => rmSync(base, { recursive: true }));
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("ensurePrivateFolder", () => {
  it("makes the folder with its parents, for the owner alone", () => {
    const path = join(base, "a", "b");
    ensurePrivateFolder(path);
    expect(modeOf(path)).toBe(0o700);
  });

  it("closes a folder that others may read", () => {
    chmodSync(base, 0o755);
    ensurePrivateFolder(base);
    expect(modeOf(base)).toBe(0o700);
  });

  it.each([0o770, 0o707, 0o1777])("refuses one that others may write into (%o), and leaves it as it is", (mode) => {
    chmodSync(base, mode);
    expect(() => ensurePrivateFolder(base)).toThrow(expect.objectContaining({ reason: "state_unwritable", message: expect.stringContaining(`others may write into it. Cure: chmod 700 ${base}`) }));
    expect(modeOf(base)).toBe(mode & 0o777);
  });

  it.runIf(process.getuid?.() === 0)("refuses one of another user", () => {
    chownSync(base, 12345, 12345);
    expect(() => ensurePrivateFolder(base)).toThrow(expect.objectContaining({ reason: "state_unwritable", message: expect.stringContaining("belongs to user 12345") }));
  });

  it("refuses a path below a file", () => {
    writeFileSync(join(base, "file"), "");
    expect(() => ensurePrivateFolder(join(base, "file", "state"))).toThrow(expect.objectContaining({ reason: "state_unwritable" }));
  });

  it.runIf(process.platform === "linux")("refuses one where the system makes none", () => {
    expect(() => ensurePrivateFolder("/proc/none/state")).toThrow(expect.objectContaining({ reason: "state_unwritable", message: expect.stringContaining("ENOENT") }));
  });
});

describe("socketPath", () => {
  it("is in the state folder as long as the path fits", () => {
    expect(socketPath("/x/state", "node.sock")).toBe("/x/state/node.sock");
  });

  it("is short for a long one, equal for equal folders and different for different ones", () => {
    const long = join("/x", "y".repeat(120));
    expect(Buffer.byteLength(socketPath(long, "coordinator.sock"))).toBeLessThan(100);
    expect(socketFolder(long)).toBe(socketFolder(long));
    expect(socketFolder(`${long}z`)).not.toBe(socketFolder(long));
    expect(socketPath(long, "node.sock")).toBe(join(socketFolder(long), "node.sock"));
  });

  it("counts bytes, not characters", () => {
    expect(socketFolder(join("/", "é".repeat(50)))).toMatch(/^\/tmp\/dispatch-\d+-[0-9a-f]{16}$/);
  });
});
