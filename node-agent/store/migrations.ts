/** Forward only: a change is a new entry at the end. */
export const journalMigrations: readonly string[] = [
  `CREATE TABLE deliveries (
     id TEXT PRIMARY KEY,
     key TEXT NOT NULL UNIQUE,
     -- hash of target, prompt and options: the same key with another body is a conflict
     body_sha256 TEXT NOT NULL,
     address TEXT NOT NULL,
     requested_target TEXT NOT NULL,
     -- text of the caller, and the text that is pasted; both are cleared when the delivery has ended
     prompt TEXT,
     pasted TEXT,
     prompt_bytes INTEGER NOT NULL,
     prompt_sha256 TEXT NOT NULL,
     options TEXT NOT NULL,
     phase TEXT NOT NULL,
     status TEXT NOT NULL,
     reason TEXT NOT NULL DEFAULT '',
     detail TEXT NOT NULL DEFAULT '',
     -- what we were about to type into, written before typing
     plan TEXT,
     target TEXT,
     evidence TEXT,
     detection TEXT,
     answer TEXT NOT NULL DEFAULT '',
     presses INTEGER NOT NULL DEFAULT 0,
     created_at INTEGER NOT NULL,
     updated_at INTEGER NOT NULL,
     deadline_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX deliveries_created ON deliveries (created_at DESC);
   CREATE INDEX deliveries_open ON deliveries (phase) WHERE phase <> 'ended';
   CREATE TABLE steps (
     delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
     sequence INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (delivery_id, sequence)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE known_records (
     agent_pid INTEGER NOT NULL,
     agent_started TEXT NOT NULL,
     record TEXT NOT NULL,
     PRIMARY KEY (agent_pid, agent_started)
   ) STRICT, WITHOUT ROWID;`,
  // redacted; where the caller asked for it
  "ALTER TABLE deliveries ADD COLUMN captured_before TEXT NOT NULL DEFAULT ''",
  // asked for at every proof: has this line of a record proven another delivery?
  "CREATE INDEX deliveries_proofs ON deliveries (json_extract(evidence, '$.locator')) WHERE status = 'delivered'",
];
