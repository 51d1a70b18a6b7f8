-- Whom goods are ordered from, and what is ordered.

CREATE TABLE suppliers (
    id         UUID   NOT NULL PRIMARY KEY,
    workspace  UUID   NOT NULL,
    -- To sort by, without regard to case.
    name       TEXT   NOT NULL,
    document   TEXT   NOT NULL
);
CREATE INDEX suppliers_by_name ON suppliers (workspace, name);

CREATE TABLE purchase_orders (
    id          UUID   NOT NULL PRIMARY KEY,
    workspace   UUID   NOT NULL,
    store       UUID   NOT NULL,
    supplier    UUID   NOT NULL,
    -- Counts up in the workspace.
    number      BIGINT NOT NULL,
    status      TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    document    TEXT   NOT NULL
);
CREATE UNIQUE INDEX purchase_orders_number ON purchase_orders (workspace, number);
CREATE INDEX purchase_orders_newest ON purchase_orders (workspace, created_at);
CREATE INDEX purchase_orders_of_store ON purchase_orders (workspace, store, status);
