-- Orders that suppliers send to buyers, opened before the supplier hears of them.

CREATE TABLE supplier_orders (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    -- The number under which the supplier knows it.
    our_ref       TEXT    NOT NULL,
    order_id      INTEGER NOT NULL,
    state         TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    -- Null once it has ended.
    next_look_at  INTEGER,
    version       INTEGER NOT NULL,
    document      TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX supplier_orders_ref ON supplier_orders (workspace, store, our_ref);
CREATE INDEX supplier_orders_newest ON supplier_orders (workspace, store, created_at);
CREATE INDEX supplier_orders_order ON supplier_orders (workspace, store, order_id);
CREATE INDEX supplier_orders_due ON supplier_orders (next_look_at) WHERE next_look_at IS NOT NULL;

-- A line is in one order that stands.
CREATE TABLE supplier_order_lines (
    workspace       BLOB    NOT NULL,
    store           BLOB    NOT NULL,
    line            INTEGER NOT NULL,
    supplier_order  BLOB    NOT NULL,
    PRIMARY KEY (workspace, store, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX supplier_order_lines_order ON supplier_order_lines (supplier_order);
