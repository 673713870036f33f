import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Serial numbers of certificates that were taken back, as the coordinator told them; kept in `STATE/identity/node/revoked.json`. */
export class Revocations {
  readonly #path: string;
  #serials: ReadonlySet<string>;

  constructor(dataDir: string) {
    this.#path = join(dataDir, "identity", "node", "revoked.json");
    this.#serials = new Set(read(this.#path));
  }

  has(serial: string): boolean {
    return this.#serials.has(serial);
  }

  /** The coordinator tells all that count: those that it does not tell have expired. */
  replace(serials: readonly string[]): void {
    this.#serials = new Set(serials);
    const aside = `${this.#path}.${process.pid}`;
    writeFileSync(aside, JSON.stringify(serials), { mode: 0o600 });
    renameSync(aside, this.#path);
  }
}

/** A file that is not there holds none. One that cannot be read must not let anybody in: its error is the caller's. */
function read(path: string): string[] {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as string[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
