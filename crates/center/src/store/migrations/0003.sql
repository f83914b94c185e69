-- Sign-ins to the console: one-time codes, and what a browser shows from then on; hashes of both.
CREATE TABLE console_codes(
  hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), expires_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE console_sessions(
  hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), since_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT;
-- The programs that serve this data, as each says of itself.
CREATE TABLE replicas(
  id TEXT PRIMARY KEY, since_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, version TEXT NOT NULL,
  n_listening INTEGER NOT NULL
) STRICT;
-- The program of a laptop, as it says itself.
ALTER TABLE devices ADD COLUMN app TEXT NOT NULL DEFAULT '';
-- What is kept for review is counted without reading everything.
CREATE INDEX commits_held ON commits(stream) WHERE status = 2;
