import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { storeError } from "../../../core/store/open-database.js";

it.each([
  ["SQLITE_FULL", "state_unwritable"], ["SQLITE_READONLY", "state_unwritable"], ["SQLITE_IOERR_WRITE", "state_unwritable"], ["SQLITE_BUSY", "state_unwritable"],
  ["SQLITE_CORRUPT_INDEX", "store_corrupt"], ["SQLITE_NOTADB", "store_corrupt"],
])("%s is %s and names the file", (code, reason) => {
  expect(storeError(new Database.SqliteError("what SQLite says", code), "/x/y.db")).toMatchObject({ reason, message: expect.stringContaining("/x/y.db"), metadata: { path: "/x/y.db" } });
});

it("any other error stays what it is", () => {
  const error = new Error("other");
  expect(storeError(error, "/x")).toBe(error);
});
