import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateFolder } from "../config/state-folder.js";
import { DispatchError } from "../errors/dispatch-error.js";

/** The token of a listener: of the file that was named, else of one in the state folder, which is made (0600) where there is none. */
export function bearerToken(dataDir: string, name: "mcp.token" | "http.token", named?: string): { token: string; file: string } {
  const file = named ?? join(dataDir, name);
  try {
    if (named === undefined) {
      ensurePrivateFolder(dataDir);
      try {
        writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
    const token = readFileSync(file, "utf8").trim();
    if (token.length < 16) throw new Error("it holds no token of at least 16 characters");
    return { token, file };
  } catch (error) {
    throw new DispatchError("unreadable_file", `The token file ${file} cannot be used: ${(error as Error).message}.`, { metadata: { path: file }, cause: error });
  }
}
