-- Customers by what they bought, and what is remembered so that the forgotten stay so.

-- Whose order it is; empty for a guest.
ALTER TABLE orders ADD COLUMN customer INTEGER;
UPDATE orders SET customer = (
    SELECT json_extract(d.facts, '$.customer') FROM order_documents d
    WHERE d.workspace = orders.workspace AND d.store = orders.store AND d.id = orders.id
);
CREATE INDEX orders_of_customer ON orders (workspace, store, customer, processed_at)
    WHERE customer IS NOT NULL;

-- Sums by customer (0: guests) and local day, written with the rollups.
CREATE TABLE customer_days (
    workspace                 BLOB    NOT NULL,
    store                     BLOB    NOT NULL,
    customer                  INTEGER NOT NULL,
    currency                  TEXT    NOT NULL,
    day                       TEXT    NOT NULL,
    orders                    INTEGER NOT NULL,
    net_revenue               INTEGER NOT NULL,
    net_revenue_without_cost  INTEGER NOT NULL,
    cm2                       INTEGER NOT NULL,
    entries                   INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, customer, currency, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX customer_days_of_day ON customer_days (workspace, store, currency, day);

-- What the days of a customer come to; guests are not here, nor customers without an order that counts.
CREATE TABLE customer_sums (
    workspace                 BLOB    NOT NULL,
    store                     BLOB    NOT NULL,
    currency                  TEXT    NOT NULL,
    customer                  INTEGER NOT NULL,
    first_day                 TEXT    NOT NULL,
    last_day                  TEXT    NOT NULL,
    orders                    INTEGER NOT NULL,
    net_revenue               INTEGER NOT NULL,
    net_revenue_without_cost  INTEGER NOT NULL,
    cm2                       INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, currency, customer)
) STRICT, WITHOUT ROWID;

-- What a search for a person looks into; their facts stand in `facts`.
CREATE TABLE customer_profiles (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    id         INTEGER NOT NULL,
    -- Name and mail address in lower case, one a line.
    search     TEXT    NOT NULL,
    age        INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT, WITHOUT ROWID;

INSERT INTO customer_profiles (workspace, store, id, age, search)
SELECT workspace, store, id, age, lower(
    coalesce(json_extract(document, '$.display_name') || char(10), '') || coalesce(json_extract(document, '$.email'), '')
)
FROM facts WHERE kind = 'customers';

CREATE TABLE customer_state (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    -- Grows with each change, so that what was computed before is known to be old.
    revision   INTEGER NOT NULL,
    -- 0: its orders were stored before there were days of customers.
    filled     INTEGER NOT NULL,
    settings   TEXT,
    PRIMARY KEY (workspace, store)
) STRICT, WITHOUT ROWID;

INSERT INTO customer_state (workspace, store, revision, filled) SELECT workspace, id, 0, 0 FROM stores;

-- The analysis that was computed last.
CREATE TABLE customer_analyses (
    workspace    BLOB    NOT NULL,
    store        BLOB    NOT NULL,
    currency     TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    computed_at  INTEGER NOT NULL,
    took_ms      INTEGER NOT NULL,
    document     TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, currency)
) STRICT;

-- Privacy -----------------------------------------------------------------------------------------------------------

-- Customers and orders whose personal data is gone for good.
CREATE TABLE forgotten (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    -- customer, order.
    kind       TEXT    NOT NULL,
    id         INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, kind, id)
) STRICT, WITHOUT ROWID;

-- Who became whom.
CREATE TABLE customer_merges (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    gone       INTEGER NOT NULL,
    kept       INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, gone)
) STRICT, WITHOUT ROWID;

-- What people asked for about their data; free of personal data itself.
CREATE TABLE privacy_requests (
    id           BLOB    NOT NULL PRIMARY KEY,
    workspace    BLOB    NOT NULL,
    store        BLOB    NOT NULL,
    kind         TEXT    NOT NULL,
    dedupe_key   TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    received_at  INTEGER NOT NULL,
    document     TEXT    NOT NULL,
    UNIQUE (workspace, store, kind, dedupe_key)
) STRICT;

CREATE INDEX privacy_requests_newest ON privacy_requests (workspace, received_at);
CREATE INDEX privacy_requests_open ON privacy_requests (received_at) WHERE state = 'pending';
