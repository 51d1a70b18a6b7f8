-- Whom goods are ordered from, and what is ordered.

CREATE TABLE suppliers (
    id         BLOB   NOT NULL PRIMARY KEY,
    workspace  BLOB   NOT NULL,
    -- To sort by, without regard to case.
    name       TEXT   NOT NULL,
    document   TEXT   NOT NULL
) STRICT;
CREATE INDEX suppliers_by_name ON suppliers (workspace, name);

CREATE TABLE purchase_orders (
    id          BLOB   NOT NULL PRIMARY KEY,
    workspace   BLOB   NOT NULL,
    store       BLOB   NOT NULL,
    supplier    BLOB   NOT NULL,
    -- Counts up in the workspace.
    number      INTEGER NOT NULL,
    status      TEXT   NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    document    TEXT   NOT NULL
) STRICT;
CREATE UNIQUE INDEX purchase_orders_number ON purchase_orders (workspace, number);
CREATE INDEX purchase_orders_newest ON purchase_orders (workspace, created_at);
CREATE INDEX purchase_orders_of_store ON purchase_orders (workspace, store, status);
