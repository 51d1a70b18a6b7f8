-- Accounts at suppliers with an interface, the runs that read what they offer, and what changed there.

CREATE TABLE supplier_accounts (
    id          UUID    NOT NULL PRIMARY KEY,
    workspace   UUID    NOT NULL,
    store       UUID    NOT NULL,
    platform    TEXT    NOT NULL,
    created_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    document    TEXT    NOT NULL
);
CREATE UNIQUE INDEX supplier_accounts_platform ON supplier_accounts (workspace, store, platform);

CREATE TABLE supplier_sync_runs (
    id            UUID    NOT NULL PRIMARY KEY,
    workspace     UUID    NOT NULL,
    store         UUID    NOT NULL,
    account       UUID    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    BIGINT NOT NULL,
    document      TEXT    NOT NULL,
    fence         BIGINT NOT NULL,
    leased_until  BIGINT
);
-- At most one open run of an account.
CREATE UNIQUE INDEX supplier_sync_runs_open ON supplier_sync_runs (account)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX supplier_sync_runs_newest ON supplier_sync_runs (workspace, created_at);

-- Prices and stock that became others, and what is gone or back.
CREATE TABLE supplier_changes (
    workspace    UUID    NOT NULL,
    store        UUID    NOT NULL,
    -- The same for the same change of one telling.
    id           UUID    NOT NULL,
    product      TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    -- The run or the import that told it.
    told_by      TEXT    NOT NULL,
    -- When it was seen.
    created_at   BIGINT NOT NULL,
    document     TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, id)
);
CREATE INDEX supplier_changes_newest ON supplier_changes (workspace, store, created_at);
