-- The schema of the first release; the same tables and columns as in SQLite.
--
-- Ids of ours are UUIDs, ids of the provider 64-bit integers, instants microseconds since the epoch, days YYYY-MM-DD, money
-- minor units, enums their words in snake case, documents the JSON of a domain type (as text: they are written and read
-- whole, and may hold what jsonb refuses). Text that is sorted by is compared by bytes, as in SQLite.

-- People ------------------------------------------------------------------------------------------------------------

CREATE TABLE workspaces (
    id          UUID NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE TABLE users (
    id             UUID NOT NULL PRIMARY KEY,
    workspace      UUID NOT NULL REFERENCES workspaces (id),
    -- Lower case; a name to sign in with, over all workspaces.
    email          TEXT COLLATE "C" NOT NULL UNIQUE,
    role           TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    created_at     BIGINT NOT NULL
);

-- Small values of the installation.
CREATE TABLE settings (
    name   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value  TEXT NOT NULL
);

CREATE TABLE sessions (
    -- SHA-256 of the session's id.
    hash          BYTEA NOT NULL PRIMARY KEY,
    user_id       UUID NOT NULL,
    csrf_token    TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_seen_at  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);

CREATE TABLE api_tokens (
    id            UUID NOT NULL PRIMARY KEY,
    -- SHA-256 of the token.
    hash          BYTEA NOT NULL UNIQUE,
    workspace     UUID NOT NULL,
    user_id       UUID NOT NULL,
    name          TEXT NOT NULL,
    -- JSON array of words.
    scopes        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT,
    last_used_at  BIGINT
);

-- Connections and stores --------------------------------------------------------------------------------------------

CREATE TABLE connections (
    id          UUID NOT NULL PRIMARY KEY,
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    domain      TEXT NOT NULL,
    base_url    TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    document    TEXT NOT NULL,
    -- A shop is connected once.
    UNIQUE (workspace, domain, base_url)
);

-- Outlives its connection until it is purged.
CREATE TABLE stores (
    workspace   UUID NOT NULL,
    id          UUID NOT NULL,
    created_at  BIGINT NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (workspace, id)
);

-- Synchronisation ---------------------------------------------------------------------------------------------------

CREATE TABLE sync_runs (
    id            UUID NOT NULL PRIMARY KEY,
    workspace     UUID NOT NULL,
    store         UUID NOT NULL,
    connection    UUID NOT NULL,
    status        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    document      TEXT NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         BIGINT NOT NULL,
    leased_until  BIGINT
);

-- At most one open run of a connection.
CREATE UNIQUE INDEX sync_runs_open ON sync_runs (connection)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX sync_runs_newest ON sync_runs (workspace, created_at);

-- Where a sync goes on; what it means is the sync's own affair.
CREATE TABLE checkpoints (
    connection  UUID NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (connection, name)
);

-- Webhooks, stored before they are acknowledged.
CREATE TABLE inbox (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection    UUID NOT NULL,
    dedupe_key    TEXT COLLATE "C" NOT NULL,
    topic         TEXT NOT NULL,
    delivery_id   TEXT,
    triggered_at  BIGINT,
    received_at   BIGINT NOT NULL,
    -- Gone when the work is done; the key stays.
    body          BYTEA,
    -- pending, done, dead.
    state         TEXT NOT NULL,
    due_at        BIGINT NOT NULL,
    attempts      BIGINT NOT NULL,
    error         TEXT,
    finished_at   BIGINT,
    UNIQUE (connection, dedupe_key)
);

CREATE INDEX inbox_pending ON inbox (received_at, id) WHERE state = 'pending';
CREATE INDEX inbox_dead ON inbox (connection) WHERE state = 'dead';
CREATE INDEX inbox_finished ON inbox (finished_at) WHERE state = 'done';
CREATE INDEX inbox_received ON inbox (connection, received_at);
CREATE INDEX inbox_latest ON inbox (received_at);

-- What changed, for live views --------------------------------------------------------------------------------------

-- One row: the last number that was given. Updating it puts appends in a row, so that numbers commit in their order.
CREATE TABLE event_head (
    id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL
) WITH (fillfactor = 50);
INSERT INTO event_head (id, seq) VALUES (1, 0);

CREATE TABLE events (
    seq          BIGINT NOT NULL PRIMARY KEY,
    workspace    UUID NOT NULL,
    kind         TEXT NOT NULL,
    entity_kind  TEXT NOT NULL,
    entity_id    TEXT NOT NULL,
    version      BIGINT,
    at           BIGINT NOT NULL,
    data         TEXT NOT NULL
);

CREATE INDEX events_of_workspace ON events (workspace, seq);
CREATE INDEX events_at ON events (at);

-- Orders ------------------------------------------------------------------------------------------------------------

-- What orders are filtered and sorted by.
CREATE TABLE orders (
    workspace           UUID NOT NULL,
    store               UUID NOT NULL,
    id                  BIGINT NOT NULL,
    name                TEXT NOT NULL,
    -- Name, SKUs and titles in lower case, one a line.
    search              TEXT NOT NULL,
    currency            TEXT NOT NULL,
    total               BIGINT NOT NULL,
    processed_at        BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL,
    -- The store's local day of the sale.
    day                 TEXT COLLATE "C" NOT NULL,
    financial_status    TEXT NOT NULL,
    fulfillment_status  TEXT NOT NULL,
    channel             TEXT NOT NULL,
    country             TEXT,
    -- 1 refunded, 2 cancelled, 4 edited, 8 test.
    flags               BIGINT NOT NULL,
    -- SHA-256 of the documents: what is equal is not written again.
    content             BYTEA NOT NULL,
    version             BIGINT NOT NULL,
    observed_at         BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, id)
);

CREATE INDEX orders_newest ON orders (workspace, store, processed_at, id, day);
-- Answers the span of a store without touching the rows.
CREATE INDEX orders_span ON orders (workspace, store, day, updated_at, observed_at);

-- Apart from `orders`, so that filters and sums do not read through the documents.
CREATE TABLE order_documents (
    workspace  UUID NOT NULL,
    store      UUID NOT NULL,
    id         BIGINT NOT NULL,
    facts      TEXT NOT NULL,
    ledger     TEXT NOT NULL,
    PRIMARY KEY (workspace, store, id)
);

-- What an order sold, each product and variant once.
CREATE TABLE order_items (
    workspace      UUID NOT NULL,
    store          UUID NOT NULL,
    order_id       BIGINT NOT NULL,
    position       BIGINT NOT NULL,
    product_id     BIGINT,
    variant_id     BIGINT,
    sold_at        BIGINT NOT NULL,
    title          TEXT NOT NULL,
    variant_title  TEXT,
    PRIMARY KEY (workspace, store, order_id, position)
);

CREATE INDEX order_items_product ON order_items (workspace, store, product_id, order_id);
CREATE INDEX order_items_variant ON order_items (workspace, store, variant_id, order_id);

-- Orders and products that were deleted: an older copy that comes late does not bring them back.
CREATE TABLE tombstones (
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    id          BIGINT NOT NULL,
    deleted_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, kind, id)
);

-- Sums of ledger entries by day and dimension, written with the entries. The key has the day before the key of the dimension, as a report reads.
CREATE TABLE rollups (
    workspace                  UUID NOT NULL,
    store                      UUID NOT NULL,
    currency                   TEXT COLLATE "C" NOT NULL,
    dimension                  TEXT COLLATE "C" NOT NULL,
    day                        TEXT COLLATE "C" NOT NULL,
    key                        TEXT COLLATE "C" NOT NULL,
    orders                     BIGINT NOT NULL,
    orders_containing          BIGINT NOT NULL,
    units                      BIGINT NOT NULL,
    units_returned             BIGINT NOT NULL,
    gross_sales                BIGINT NOT NULL,
    discounts                  BIGINT NOT NULL,
    returns                    BIGINT NOT NULL,
    shipping                   BIGINT NOT NULL,
    taxes                      BIGINT NOT NULL,
    duties                     BIGINT NOT NULL,
    fees_charged               BIGINT NOT NULL,
    tips                       BIGINT NOT NULL,
    gift_cards                 BIGINT NOT NULL,
    unclassified               BIGINT NOT NULL,
    cost_of_goods              BIGINT NOT NULL,
    payment_fees               BIGINT NOT NULL,
    payment_fees_without_cost  BIGINT NOT NULL,
    refund_adjustments         BIGINT NOT NULL,
    cost_actual                BIGINT NOT NULL,
    cost_estimated             BIGINT NOT NULL,
    cost_missing               BIGINT NOT NULL,
    fees_actual                BIGINT NOT NULL,
    fees_estimated             BIGINT NOT NULL,
    fees_missing               BIGINT NOT NULL,
    entries                    BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, currency, dimension, day, key)
    -- Room on each page, so that the many updates of the same rows stay on it.
) WITH (fillfactor = 70);

CREATE INDEX rollups_of_key ON rollups (workspace, store, currency, dimension, key, day);

-- The catalogue -----------------------------------------------------------------------------------------------------

CREATE TABLE products (
    workspace     UUID NOT NULL,
    store         UUID NOT NULL,
    id            BIGINT NOT NULL,
    title         TEXT NOT NULL,
    -- The title in lower case (ASCII), to sort by.
    title_key     TEXT COLLATE "C" NOT NULL,
    -- Title, vendor, type and SKUs in lower case, one a line.
    search        TEXT NOT NULL,
    status        TEXT NOT NULL,
    -- 1 when at least one variant has no cost.
    cost_missing  BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    content       BYTEA NOT NULL,
    version       BIGINT NOT NULL,
    observed_at   BIGINT NOT NULL,
    facts         TEXT NOT NULL,
    PRIMARY KEY (workspace, store, id)
);

CREATE INDEX products_title ON products (workspace, store, title_key, id);

-- Names of variants; their facts stand in the product's document.
CREATE TABLE variants (
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    id          BIGINT NOT NULL,
    product_id  BIGINT NOT NULL,
    title       TEXT NOT NULL,
    PRIMARY KEY (workspace, store, id)
);

CREATE INDEX variants_of_product ON variants (workspace, store, product_id);

-- What a unit cost from when on; never changed, only added to.
CREATE TABLE cost_records (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace    UUID NOT NULL,
    store        UUID NOT NULL,
    variant_id   BIGINT NOT NULL,
    -- Empty: since ever.
    valid_from   BIGINT,
    -- A decimal, finer than minor units; empty: unknown from here on.
    amount       TEXT,
    currency     TEXT,
    source       TEXT NOT NULL,
    observed_at  BIGINT NOT NULL
);

CREATE INDEX cost_records_of_variant ON cost_records (workspace, store, variant_id);

-- Locations, stock, customers, payouts.
CREATE TABLE facts (
    workspace    UUID NOT NULL,
    store        UUID NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    id           BIGINT NOT NULL,
    -- For stock the location, else 0.
    part         BIGINT NOT NULL,
    -- The provider's time, where it tells one.
    updated_at   BIGINT,
    -- What decides whether a row is newer: the provider's time, else when it was observed.
    age          BIGINT NOT NULL,
    document     TEXT NOT NULL,
    observed_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, kind, id, part)
);

-- Secrets -----------------------------------------------------------------------------------------------------------

CREATE TABLE secrets (
    workspace   UUID NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    -- Sealed; only the vault opens it.
    blob        BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, name)
);

-- Known values under each key-encryption key, by which a wrong key shows before anything is written with it.
CREATE TABLE canaries (
    key_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    blob    BYTEA NOT NULL
);
