import type Database from "better-sqlite3";
import { parse, stringify } from "../../core/store/json-codec.js";
import { openDatabase } from "../../core/store/open-database.js";
import { coordinatorMigrations } from "./migrations.js";
import type { NodeStore, StoredNode } from "./node-store.js";

/** The machines on SQLite, by name in lower case. */
export class SqliteNodeStore implements NodeStore {
  readonly #database: Database.Database;

  constructor(path: string) {
    this.#database = openDatabase(path, coordinatorMigrations);
  }

  register(node: StoredNode): void {
    this.#database.prepare("INSERT INTO nodes (machine, body) VALUES (?, ?) ON CONFLICT (machine) DO UPDATE SET body = excluded.body").run(node.machine.toLowerCase(), stringify(node));
  }

  registered(): StoredNode[] {
    return this.#database.prepare<[], { body: string }>("SELECT body FROM nodes ORDER BY machine").all().map(({ body }) => parse<StoredNode>(body));
  }

  remove(machine: string): boolean {
    return this.#database.prepare("DELETE FROM nodes WHERE machine = ?").run(machine.toLowerCase()).changes > 0;
  }

  draining(): ReadonlySet<string> {
    return new Set(this.#database.prepare<[], { machine: string }>("SELECT machine FROM draining_machines").all().map(({ machine }) => machine));
  }

  setDraining(machine: string, drain: boolean): void {
    const sql = drain ? "INSERT OR IGNORE INTO draining_machines (machine) VALUES (?)" : "DELETE FROM draining_machines WHERE machine = ?";
    this.#database.prepare(sql).run(machine.toLowerCase());
  }

  close(): void {
    this.#database.close();
  }
}
