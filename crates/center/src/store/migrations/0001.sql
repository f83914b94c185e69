-- The center's tables, in SQLite's words; `schema::for_postgres` says them in PostgreSQL's.
CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE users(
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, since_ms INTEGER NOT NULL
) STRICT;
-- Person ids that laptops made for themselves; the signature is the evidence for the alias.
CREATE TABLE persons(
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), name TEXT NOT NULL,
  dev TEXT NOT NULL, challenge TEXT NOT NULL, sig TEXT NOT NULL, since_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE devices(
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id), public_key TEXT NOT NULL,
  token_hash TEXT UNIQUE, introduced_by TEXT, since_ms INTEGER NOT NULL, revoked_ms INTEGER
) STRICT;
CREATE TABLE codes(
  handle TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users(id),
  n_tries INTEGER NOT NULL, challenge TEXT, expires_ms INTEGER NOT NULL, used_by TEXT
) STRICT;
-- The counter row: next_sseq is taken in the transaction that uses it.
CREATE TABLE streams(
  id TEXT PRIMARY KEY, next_sseq INTEGER NOT NULL, digest TEXT NOT NULL, since_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE members(
  stream TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users(id), role TEXT NOT NULL,
  since_ms INTEGER NOT NULL, until_ms INTEGER, PRIMARY KEY(stream, user_id)
) STRICT;
CREATE INDEX members_user ON members(user_id);
CREATE TABLE commits(
  stream TEXT NOT NULL, sseq INTEGER NOT NULL, dev TEXT NOT NULL, seq INTEGER NOT NULL,
  hash TEXT NOT NULL, lam INTEGER NOT NULL, person TEXT NOT NULL, pushed_by TEXT NOT NULL,
  received_ms INTEGER NOT NULL, status INTEGER NOT NULL, digest TEXT NOT NULL, frame BLOB NOT NULL,
  PRIMARY KEY(stream, sseq), UNIQUE(stream, dev, seq)
) STRICT;
-- Where every device's chain in a stream stands.
CREATE TABLE lines(
  stream TEXT NOT NULL, dev TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  lam INTEGER NOT NULL, lam_seen INTEGER NOT NULL, PRIMARY KEY(stream, dev)
) STRICT;
-- What the author of a chain has seen of others.
CREATE TABLE line_seen(
  stream TEXT NOT NULL, dev TEXT NOT NULL, other TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY(stream, dev, other)
) STRICT;
CREATE TABLE registry_numbers(
  number TEXT NOT NULL, stream TEXT NOT NULL, PRIMARY KEY(number, stream)
) STRICT;
CREATE TABLE audits(
  n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL,
  about TEXT NOT NULL
) STRICT;
