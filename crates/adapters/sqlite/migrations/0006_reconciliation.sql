-- Our days held against the provider's own: runs, and the latest result of each day.

CREATE TABLE reconciliation_runs (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    connection    BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         INTEGER NOT NULL,
    leased_until  INTEGER
) STRICT;

-- At most one open run of a store.
CREATE UNIQUE INDEX reconciliation_runs_open ON reconciliation_runs (workspace, store)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX reconciliation_runs_newest ON reconciliation_runs (workspace, created_at);

CREATE TABLE reconciliation_days (
    workspace   BLOB    NOT NULL,
    store       BLOB    NOT NULL,
    day         TEXT    NOT NULL,
    checked_at  INTEGER NOT NULL,
    document    TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, day)
) STRICT, WITHOUT ROWID;
