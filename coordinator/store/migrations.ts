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
  `CREATE TABLE schedules (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     kind TEXT NOT NULL,
     status TEXT NOT NULL,
     next_slot INTEGER,
     next_due INTEGER,
     every_ms INTEGER,
     failed_at INTEGER,
     created_at INTEGER NOT NULL,
     prompt TEXT NOT NULL,
     -- the schedule without its prompt
     body TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX schedules_name ON schedules (name) WHERE name <> '' AND status IN ('scheduled', 'paused');
   CREATE INDEX schedules_named ON schedules (name, created_at DESC) WHERE name <> '';
   CREATE INDEX schedules_due ON schedules (next_due) WHERE status = 'scheduled' AND next_due IS NOT NULL;
   CREATE INDEX schedules_status ON schedules (status, created_at);
   CREATE INDEX schedules_created ON schedules (created_at);
   CREATE INDEX schedules_kind ON schedules (kind, created_at);
   CREATE INDEX schedules_kind_status ON schedules (kind, status, created_at);
   CREATE INDEX schedules_failed ON schedules (failed_at DESC) WHERE failed_at IS NOT NULL;
   -- loops whose next slot is further away than their interval: the clock was set back
   CREATE INDEX schedules_ahead ON schedules (next_slot - every_ms) WHERE status = 'scheduled' AND every_ms IS NOT NULL;
   CREATE TABLE occurrences (
     schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
     slot INTEGER NOT NULL,
     status TEXT NOT NULL,
     due_at INTEGER NOT NULL,
     -- 1: until earlier ones have ended, 2: until its schedule is resumed
     waiting INTEGER NOT NULL DEFAULT 0,
     lease_owner TEXT,
     lease_until INTEGER,
     body TEXT NOT NULL,
     PRIMARY KEY (schedule_id, slot)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX occurrences_due ON occurrences (due_at) WHERE status = 'due' AND waiting = 0;
   CREATE INDEX occurrences_open ON occurrences (schedule_id, slot) WHERE status IN ('due', 'claimed', 'running', 'queued');
   CREATE INDEX occurrences_leased ON occurrences (lease_until) WHERE lease_until IS NOT NULL;`,
  `CREATE TABLE nodes (
     -- in lower case
     machine TEXT PRIMARY KEY,
     body TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE draining_machines (
     -- in lower case
     machine TEXT PRIMARY KEY
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE join_tokens (
     -- name in the token's certificate
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     name TEXT NOT NULL,
     roles TEXT NOT NULL,
     expires_at INTEGER NOT NULL,
     used_at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE certificates (
     -- upper-case hexadecimal
     serial TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     name TEXT NOT NULL,
     roles TEXT NOT NULL,
     issued_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     revoked_at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX certificates_of ON certificates (kind, name);`,
  // Who asked, where it was not the owner of the coordinator.
  "ALTER TABLE deliveries ADD COLUMN principal TEXT;",
  // The next slot is the first one after this; one that lies ahead tells that the clock was set back.
  `ALTER TABLE schedules ADD COLUMN reckoned_at INTEGER;
   UPDATE schedules SET reckoned_at = next_slot - every_ms WHERE every_ms IS NOT NULL;
   DROP INDEX schedules_ahead;
   ALTER TABLE schedules DROP COLUMN every_ms;
   CREATE INDEX schedules_ahead ON schedules (reckoned_at) WHERE status = 'scheduled' AND reckoned_at IS NOT NULL;`,
];
