-- The ledger of every study of one vault, and what is derived from it.

-- Facts about this vault that are no edit: own person, own profile, the center's address.
CREATE TABLE meta(
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How the window was left, and choices of the person at this laptop.
CREATE TABLE settings(
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Own device identities; the newest one signs.
CREATE TABLE identities(
    id      INTEGER PRIMARY KEY,
    device  TEXT NOT NULL UNIQUE,
    secret  BLOB NOT NULL,
    made_at TEXT NOT NULL
) STRICT;

-- Streams, devices and entities have long names; tables refer to them by number.
CREATE TABLE streams(
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    -- The center's number up to which everything was pulled.
    cursor INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE devices(
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    key  TEXT NOT NULL
) STRICT;

CREATE TABLE entities(
    id     INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams,
    name   TEXT NOT NULL,
    UNIQUE(stream, name)
) STRICT;

-- The truth: bytes and signature exactly as they were made or received.
-- The rising id is the order of arrival, which extends the causal order.
CREATE TABLE commits(
    id          INTEGER PRIMARY KEY,
    stream      INTEGER NOT NULL REFERENCES streams,
    device      INTEGER NOT NULL REFERENCES devices,
    seq         INTEGER NOT NULL,
    hash        TEXT NOT NULL,
    lam         INTEGER NOT NULL,
    at          TEXT NOT NULL,
    tz_minutes  INTEGER NOT NULL,
    person      TEXT NOT NULL,
    -- The center's number; NULL while the commit waits.
    sseq        INTEGER,
    received_at TEXT,
    -- 1 counts, 2 quarantined by the center, 3 issued again under another device identity.
    status      INTEGER NOT NULL,
    why_code    TEXT,
    source      TEXT,
    bytes       BLOB NOT NULL,
    sig         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX commits_seq ON commits(stream, device, seq) WHERE status <> 3;
CREATE INDEX commits_stream ON commits(stream, id);
CREATE INDEX commits_waiting ON commits(stream, id) WHERE sseq IS NULL AND status <> 3;

-- The operations of the commits, for the history; `preds` and `saw` are `commit:idx` texts.
CREATE TABLE ops(
    commit_id INTEGER NOT NULL REFERENCES commits,
    idx       INTEGER NOT NULL,
    entity    INTEGER NOT NULL REFERENCES entities,
    kind      TEXT NOT NULL,
    field     TEXT NOT NULL,
    -- Canonical JSON, or NULL when the value travels apart; then `hidden` is its salted hash.
    value     TEXT,
    hidden    TEXT,
    preds     TEXT NOT NULL,
    saw       TEXT NOT NULL,
    PRIMARY KEY(commit_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX ops_field ON ops(entity, field);

-- Values that travel beside their commit; idx -1 is the reason in words.
CREATE TABLE payloads(
    commit_id INTEGER NOT NULL REFERENCES commits,
    idx       INTEGER NOT NULL,
    salt      TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY(commit_id, idx)
) STRICT, WITHOUT ROWID;

-- Typing that was not saved yet; not part of the ledger.
CREATE TABLE drafts(
    stream INTEGER NOT NULL REFERENCES streams,
    entity TEXT NOT NULL,
    field  TEXT NOT NULL,
    value  TEXT NOT NULL,
    seen   TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY(stream, entity, field)
) STRICT, WITHOUT ROWID;

-- From here on everything can be dropped and rebuilt from the commits.

-- Every device's newest commit in a stream, and the greatest Lamport number it had seen of others.
CREATE TABLE tips(
    stream   INTEGER NOT NULL,
    device   INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    hash     TEXT NOT NULL,
    lam      INTEGER NOT NULL,
    lam_seen INTEGER NOT NULL,
    PRIMARY KEY(stream, device)
) STRICT, WITHOUT ROWID;

-- What a device had seen of another one.
CREATE TABLE seen(
    stream INTEGER NOT NULL,
    device INTEGER NOT NULL,
    other  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY(stream, device, other)
) STRICT, WITHOUT ROWID;

-- Operations that no other one replaces; `cmp` is the value, or its salted hash once redacted.
CREATE TABLE heads(
    entity    INTEGER NOT NULL,
    field     TEXT NOT NULL,
    commit_id INTEGER NOT NULL,
    idx       INTEGER NOT NULL,
    cmp       TEXT NOT NULL,
    PRIMARY KEY(entity, field, commit_id, idx)
) STRICT, WITHOUT ROWID;

-- The newest imported operations of a field: what a registry had on screen.
CREATE TABLE import_base(
    entity    INTEGER NOT NULL,
    field     TEXT NOT NULL,
    commit_id INTEGER NOT NULL,
    idx       INTEGER NOT NULL,
    PRIMARY KEY(entity, field, commit_id, idx)
) STRICT, WITHOUT ROWID;

-- Where an entity belongs. mark: 0 live, 1 archived, 2 archived by somebody who missed a change.
CREATE TABLE places(
    entity INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    parent INTEGER,
    ord    TEXT NOT NULL,
    mark   INTEGER NOT NULL
) STRICT;
CREATE INDEX places_parent ON places(parent);
CREATE INDEX places_kind ON places(stream, kind);

-- Fields whose heads differ.
CREATE TABLE conflicts(
    entity INTEGER NOT NULL,
    field  TEXT NOT NULL,
    PRIMARY KEY(entity, field)
) STRICT, WITHOUT ROWID;

-- Every number that a study can be asked for by, in capitals.
CREATE TABLE numbers(
    stream INTEGER NOT NULL,
    field  TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY(stream, field, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX numbers_number ON numbers(number);

-- One line of the list of studies, as JSON.
CREATE TABLE study_rows(
    stream INTEGER PRIMARY KEY,
    row    TEXT NOT NULL
) STRICT;

-- One number per text register, and the index of their words. The index keeps no text.
CREATE TABLE search_rows(
    id     INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    field  TEXT NOT NULL,
    UNIQUE(entity, field)
) STRICT;
CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='', contentless_delete=1,
    tokenize='unicode61 remove_diacritics 2', prefix='1'
);
