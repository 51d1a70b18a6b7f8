-- Change-sets, the intents of their writes, and the switches that stop writes.

CREATE TABLE change_sets (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    connection    BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    -- Not applied before.
    next_try_at   INTEGER,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         INTEGER NOT NULL,
    leased_until  INTEGER
) STRICT;

CREATE INDEX change_sets_work ON change_sets (created_at, id) WHERE status IN ('approved', 'applying');
CREATE INDEX change_sets_waiting ON change_sets (expires_at) WHERE status = 'proposed';
CREATE INDEX change_sets_newest ON change_sets (workspace, created_at);
CREATE INDEX change_sets_of_store ON change_sets (workspace, store, created_at);
CREATE INDEX change_sets_by_status ON change_sets (workspace, status, created_at);
CREATE INDEX change_sets_of_connection ON change_sets (connection);

-- Writes that were let through, one row for each operation: a repeated one counts once, from its last time on.
CREATE TABLE change_intents (
    change_set  BLOB    NOT NULL,
    no          INTEGER NOT NULL,
    workspace   BLOB    NOT NULL,
    store       BLOB    NOT NULL,
    at          INTEGER NOT NULL,
    document    TEXT    NOT NULL,
    PRIMARY KEY (change_set, no)
) STRICT, WITHOUT ROWID;

CREATE INDEX change_intents_since ON change_intents (workspace, store, at);

CREATE TABLE stops (
    workspace  BLOB NOT NULL,
    -- all, agent, connection
    kind       TEXT NOT NULL,
    -- Of the agent or the connection; empty for all.
    id         TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (workspace, kind, id)
) STRICT, WITHOUT ROWID;
