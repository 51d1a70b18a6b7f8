-- Our days held against the provider's own: runs, and the latest result of each day.

CREATE TABLE reconciliation_runs (
    id            UUID NOT NULL PRIMARY KEY,
    workspace     UUID NOT NULL,
    store         UUID NOT NULL,
    connection    UUID NOT NULL,
    status        TEXT    NOT NULL,
    created_at    BIGINT NOT NULL,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         BIGINT NOT NULL,
    leased_until  BIGINT
);

-- At most one open run of a store.
CREATE UNIQUE INDEX reconciliation_runs_open ON reconciliation_runs (workspace, store)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX reconciliation_runs_newest ON reconciliation_runs (workspace, created_at);

CREATE TABLE reconciliation_days (
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    day         TEXT COLLATE "C" NOT NULL,
    checked_at  BIGINT NOT NULL,
    document    TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, day)
);
