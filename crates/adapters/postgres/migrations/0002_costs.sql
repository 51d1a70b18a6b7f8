-- Inputs of profit that are told beside the store's own facts, and the runs that book orders again when they change.

ALTER TABLE rollups ADD COLUMN shipping_cost BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_cost_without_cost BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_actual BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_estimated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rollups ADD COLUMN shipping_missing BIGINT NOT NULL DEFAULT 0;

-- Unit costs, shipping tables, fee rules, ad spend, fixed costs: one row for each thing that something is said about.
CREATE TABLE ledger_inputs (
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    -- What makes it the same row.
    key        TEXT COLLATE "C" NOT NULL,
    -- A variant or an order.
    subject    BIGINT,
    day        TEXT COLLATE "C",
    -- Of ad spend.
    amount     BIGINT,
    currency   TEXT,
    revision   BIGINT NOT NULL,
    input      TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, kind, key)
);

CREATE INDEX ledger_inputs_subject ON ledger_inputs (workspace, store, subject) WHERE subject IS NOT NULL;
CREATE INDEX ledger_inputs_day ON ledger_inputs (workspace, store, kind, day, currency, amount) WHERE day IS NOT NULL;

-- One row a store: the last revision that was given, and by which version of the derivation its orders are booked.
CREATE TABLE ledger_heads (
    workspace   UUID    NOT NULL,
    store       UUID    NOT NULL,
    revision    BIGINT NOT NULL,
    derivation  BIGINT,
    PRIMARY KEY (workspace, store)
);

CREATE TABLE recost_runs (
    id            UUID    NOT NULL PRIMARY KEY,
    workspace     UUID    NOT NULL,
    store         UUID    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    BIGINT NOT NULL,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         BIGINT NOT NULL,
    leased_until  BIGINT
);

CREATE INDEX recost_runs_open ON recost_runs (created_at, id) WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX recost_runs_newest ON recost_runs (workspace, store, created_at);
