-- Orders that suppliers send to buyers, opened before the supplier hears of them.

CREATE TABLE supplier_orders (
    id            UUID    NOT NULL PRIMARY KEY,
    workspace     UUID    NOT NULL,
    store         UUID    NOT NULL,
    -- The number under which the supplier knows it.
    our_ref       TEXT    NOT NULL,
    order_id      BIGINT NOT NULL,
    state         TEXT    NOT NULL,
    created_at    BIGINT NOT NULL,
    -- Null once it has ended.
    next_look_at  BIGINT,
    version       BIGINT NOT NULL,
    document      TEXT    NOT NULL
);
CREATE UNIQUE INDEX supplier_orders_ref ON supplier_orders (workspace, store, our_ref);
CREATE INDEX supplier_orders_newest ON supplier_orders (workspace, store, created_at);
CREATE INDEX supplier_orders_order ON supplier_orders (workspace, store, order_id);
CREATE INDEX supplier_orders_due ON supplier_orders (next_look_at) WHERE next_look_at IS NOT NULL;

-- A line is in one order that stands.
CREATE TABLE supplier_order_lines (
    workspace       UUID    NOT NULL,
    store           UUID    NOT NULL,
    line            BIGINT NOT NULL,
    supplier_order  UUID    NOT NULL,
    PRIMARY KEY (workspace, store, line)
);
CREATE INDEX supplier_order_lines_order ON supplier_order_lines (supplier_order);
