-- Customers by what they bought, and what is remembered so that the forgotten stay so.

-- Whose order it is; empty for a guest.
ALTER TABLE orders ADD COLUMN customer BIGINT;
UPDATE orders SET customer = (
    SELECT (d.facts::json ->> 'customer')::bigint FROM order_documents d
    WHERE d.workspace = orders.workspace AND d.store = orders.store AND d.id = orders.id
);
CREATE INDEX orders_of_customer ON orders (workspace, store, customer, processed_at)
    WHERE customer IS NOT NULL;

-- Sums by customer (0: guests) and local day, written with the rollups.
CREATE TABLE customer_days (
    workspace                 UUID    NOT NULL,
    store                     UUID    NOT NULL,
    customer                  BIGINT NOT NULL,
    currency                  TEXT COLLATE "C" NOT NULL,
    day                       TEXT COLLATE "C" NOT NULL,
    orders                    BIGINT NOT NULL,
    net_revenue               BIGINT NOT NULL,
    net_revenue_without_cost  BIGINT NOT NULL,
    cm2                       BIGINT NOT NULL,
    entries                   BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, customer, currency, day)
);

CREATE INDEX customer_days_of_day ON customer_days (workspace, store, currency, day);

-- What the days of a customer come to; guests are not here, nor customers without an order that counts.
CREATE TABLE customer_sums (
    workspace                 UUID    NOT NULL,
    store                     UUID    NOT NULL,
    currency                  TEXT COLLATE "C" NOT NULL,
    customer                  BIGINT NOT NULL,
    first_day                 TEXT COLLATE "C" NOT NULL,
    last_day                  TEXT COLLATE "C" NOT NULL,
    orders                    BIGINT NOT NULL,
    net_revenue               BIGINT NOT NULL,
    net_revenue_without_cost  BIGINT NOT NULL,
    cm2                       BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, currency, customer)
);

-- What a search for a person looks into; their facts stand in `facts`.
CREATE TABLE customer_profiles (
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    id         BIGINT NOT NULL,
    -- Name and mail address in lower case, one a line.
    search     TEXT    NOT NULL,
    age        BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, id)
);

INSERT INTO customer_profiles (workspace, store, id, age, search)
SELECT workspace, store, id, age, lower(
    coalesce((document::json ->> 'display_name') || chr(10), '') || coalesce(document::json ->> 'email', '')
)
FROM facts WHERE kind = 'customers';

CREATE TABLE customer_state (
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    -- Grows with each change, so that what was computed before is known to be old.
    revision   BIGINT NOT NULL,
    -- 0: its orders were stored before there were days of customers.
    filled     BIGINT NOT NULL,
    settings   TEXT,
    PRIMARY KEY (workspace, store)
);

INSERT INTO customer_state (workspace, store, revision, filled) SELECT workspace, id, 0, 0 FROM stores;

-- The analysis that was computed last.
CREATE TABLE customer_analyses (
    workspace    UUID    NOT NULL,
    store        UUID    NOT NULL,
    currency     TEXT COLLATE "C" NOT NULL,
    revision     BIGINT NOT NULL,
    computed_at  BIGINT NOT NULL,
    took_ms      BIGINT NOT NULL,
    document     TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, currency)
);

-- Privacy -----------------------------------------------------------------------------------------------------------

-- Customers and orders whose personal data is gone for good.
CREATE TABLE forgotten (
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    -- customer, order.
    kind       TEXT COLLATE "C" NOT NULL,
    id         BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, kind, id)
);

-- Who became whom.
CREATE TABLE customer_merges (
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    gone       BIGINT NOT NULL,
    kept       BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, gone)
);

-- What people asked for about their data; free of personal data itself.
CREATE TABLE privacy_requests (
    id           UUID    NOT NULL PRIMARY KEY,
    workspace    UUID    NOT NULL,
    store        UUID    NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    dedupe_key   TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    received_at  BIGINT NOT NULL,
    document     TEXT    NOT NULL,
    UNIQUE (workspace, store, kind, dedupe_key)
);

CREATE INDEX privacy_requests_newest ON privacy_requests (workspace, received_at);
CREATE INDEX privacy_requests_open ON privacy_requests (received_at) WHERE state = 'pending';
