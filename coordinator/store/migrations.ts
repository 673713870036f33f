/** Forward only: a change is a new entry at the end. */
export const coordinatorMigrations: readonly string[] = [
  `CREATE TABLE deliveries (
     id TEXT PRIMARY KEY,
     key TEXT NOT NULL UNIQUE,
     fingerprint TEXT NOT NULL,
     address TEXT NOT NULL,
     -- until the node has journalled it
     prompt TEXT,
     status TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     -- the delivery without its steps
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX deliveries_created ON deliveries (created_at DESC);
   CREATE INDEX deliveries_status ON deliveries (status, created_at DESC);
   CREATE TABLE steps (
     delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
     sequence INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (delivery_id, sequence)
   ) STRICT, WITHOUT ROWID;`,
];
