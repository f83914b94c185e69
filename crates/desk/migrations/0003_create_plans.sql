-- What is due when over all studies, and what this laptop knows about days and reminders.

-- Tables of years that were loaded here, as they were read.
CREATE TABLE calendar_years(
    year      INTEGER PRIMARY KEY,
    file      TEXT NOT NULL,
    loaded_at TEXT NOT NULL
) STRICT;

-- Reminders that were given, so that none is given twice.
CREATE TABLE reminders(
    entity  INTEGER NOT NULL,
    what    TEXT NOT NULL,
    due     TEXT NOT NULL,
    -- How many days before it was due; -1 once it was late.
    days    INTEGER NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY(entity, what, due, days)
) STRICT, WITHOUT ROWID;

-- Derived: one line for every milestone, deadline and letter. Nothing in it depends on today.
CREATE TABLE plan_rows(
    entity   INTEGER NOT NULL,
    what     TEXT NOT NULL,
    stream   INTEGER NOT NULL,
    -- Whether something is still to be done, in a study that is in use.
    open     INTEGER NOT NULL,
    -- The day it is due, YYYY-MM-DD; empty when it has none.
    due      TEXT NOT NULL,
    -- For the next step of a site: how many of those that it needs are open.
    blocked  INTEGER NOT NULL,
    -- Whether somebody else has to answer.
    waiting  INTEGER NOT NULL,
    -- Whether two people wrote different actual days.
    conflict INTEGER NOT NULL,
    -- The rest, as JSON.
    row      TEXT NOT NULL,
    PRIMARY KEY(entity, what)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_rows_stream ON plan_rows(stream);
CREATE INDEX plan_rows_due ON plan_rows(due) WHERE open = 1 AND due <> '';
CREATE INDEX plan_rows_waiting ON plan_rows(stream) WHERE open = 1 AND waiting = 1;
CREATE INDEX plan_rows_conflict ON plan_rows(stream) WHERE conflict = 1;
