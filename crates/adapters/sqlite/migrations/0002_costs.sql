-- Inputs of profit that are told beside the store's own facts, and the runs that book orders again when they change.

ALTER TABLE rollups ADD COLUMN shipping_cost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_cost_without_cost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_actual INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_estimated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_missing INTEGER NOT NULL DEFAULT 0;

-- Unit costs, shipping tables, fee rules, ad spend, fixed costs: one row for each thing that something is said about.
CREATE TABLE ledger_inputs (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    kind       TEXT    NOT NULL,
    -- What makes it the same row.
    key        TEXT    NOT NULL,
    -- A variant or an order.
    subject    INTEGER,
    day        TEXT,
    -- Of ad spend.
    amount     INTEGER,
    currency   TEXT,
    revision   INTEGER NOT NULL,
    input      TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_inputs_subject ON ledger_inputs (workspace, store, subject) WHERE subject IS NOT NULL;
CREATE INDEX ledger_inputs_day ON ledger_inputs (workspace, store, kind, day, currency, amount) WHERE day IS NOT NULL;

-- One row a store: the last revision that was given, and by which version of the derivation its orders are booked.
CREATE TABLE ledger_heads (
    workspace   BLOB    NOT NULL,
    store       BLOB    NOT NULL,
    revision    INTEGER NOT NULL,
    derivation  INTEGER,
    PRIMARY KEY (workspace, store)
) STRICT, WITHOUT ROWID;

CREATE TABLE recost_runs (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         INTEGER NOT NULL,
    leased_until  INTEGER
) STRICT;

CREATE INDEX recost_runs_open ON recost_runs (created_at, id) WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX recost_runs_newest ON recost_runs (workspace, store, created_at);
