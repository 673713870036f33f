import type Database from "better-sqlite3";

/** Prepared once each. */
export class Statements {
  readonly #database: Database.Database;
  readonly #known = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  sql<Parameters extends unknown[] = unknown[], Row = unknown>(text: string): Database.Statement<Parameters, Row> {
    let statement = this.#known.get(text);
    if (!statement) this.#known.set(text, (statement = this.#database.prepare(text)));
    return statement as unknown as Database.Statement<Parameters, Row>;
  }
}
