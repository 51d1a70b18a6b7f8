-- The schema of the first release; the same tables and columns as in PostgreSQL.
--
-- Ids of ours are 16-byte UUIDs, ids of the provider 64-bit integers, instants microseconds since the epoch, days
-- YYYY-MM-DD, money minor units, enums their words in snake case, documents the JSON of a domain type.

-- People ------------------------------------------------------------------------------------------------------------

CREATE TABLE workspaces (
    id          BLOB    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id             BLOB    NOT NULL PRIMARY KEY,
    workspace      BLOB    NOT NULL REFERENCES workspaces (id),
    -- Lower case; a name to sign in with, over all workspaces.
    email          TEXT    NOT NULL UNIQUE,
    role           TEXT    NOT NULL,
    password_hash  TEXT    NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT;

-- Small values of the installation.
CREATE TABLE settings (
    name   TEXT NOT NULL PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
    -- SHA-256 of the session's id.
    hash          BLOB    NOT NULL PRIMARY KEY,
    user_id       BLOB    NOT NULL,
    csrf_token    TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    last_seen_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE api_tokens (
    id            BLOB    NOT NULL PRIMARY KEY,
    -- SHA-256 of the token.
    hash          BLOB    NOT NULL UNIQUE,
    workspace     BLOB    NOT NULL,
    user_id       BLOB    NOT NULL,
    name          TEXT    NOT NULL,
    -- JSON array of words.
    scopes        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    last_used_at  INTEGER
) STRICT;

-- Connections and stores --------------------------------------------------------------------------------------------

CREATE TABLE connections (
    id          BLOB    NOT NULL PRIMARY KEY,
    workspace   BLOB    NOT NULL,
    store       BLOB    NOT NULL,
    domain      TEXT    NOT NULL,
    base_url    TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    document    TEXT    NOT NULL,
    -- A shop is connected once.
    UNIQUE (workspace, domain, base_url)
) STRICT;

-- Outlives its connection until it is purged.
CREATE TABLE stores (
    workspace   BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    document    TEXT    NOT NULL,
    PRIMARY KEY (workspace, id)
) STRICT;

-- Synchronisation ---------------------------------------------------------------------------------------------------

CREATE TABLE sync_runs (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    connection    BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         INTEGER NOT NULL,
    leased_until  INTEGER
) STRICT;

-- At most one open run of a connection.
CREATE UNIQUE INDEX sync_runs_open ON sync_runs (connection)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX sync_runs_newest ON sync_runs (workspace, created_at);

-- Where a sync goes on; what it means is the sync's own affair.
CREATE TABLE checkpoints (
    connection  BLOB NOT NULL,
    name        TEXT NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (connection, name)
) STRICT;

-- Webhooks, stored before they are acknowledged.
CREATE TABLE inbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    connection    BLOB    NOT NULL,
    dedupe_key    TEXT    NOT NULL,
    topic         TEXT    NOT NULL,
    delivery_id   TEXT,
    triggered_at  INTEGER,
    received_at   INTEGER NOT NULL,
    -- Gone when the work is done; the key stays.
    body          BLOB,
    -- pending, done, dead.
    state         TEXT    NOT NULL,
    due_at        INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    error         TEXT,
    finished_at   INTEGER,
    UNIQUE (connection, dedupe_key)
) STRICT;

CREATE INDEX inbox_pending ON inbox (received_at, id) WHERE state = 'pending';
CREATE INDEX inbox_dead ON inbox (connection) WHERE state = 'dead';
CREATE INDEX inbox_finished ON inbox (finished_at) WHERE state = 'done';
CREATE INDEX inbox_received ON inbox (connection, received_at);
CREATE INDEX inbox_latest ON inbox (received_at);

-- What changed, for live views --------------------------------------------------------------------------------------

-- One row: the last number that was given. Updating it puts appends in a row, so that numbers commit in their order.
CREATE TABLE event_head (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq  INTEGER NOT NULL
) STRICT;
INSERT INTO event_head (id, seq) VALUES (1, 0);

CREATE TABLE events (
    seq          INTEGER NOT NULL PRIMARY KEY,
    workspace    BLOB    NOT NULL,
    kind         TEXT    NOT NULL,
    entity_kind  TEXT    NOT NULL,
    entity_id    TEXT    NOT NULL,
    version      INTEGER,
    at           INTEGER NOT NULL,
    data         TEXT    NOT NULL
) STRICT;

CREATE INDEX events_of_workspace ON events (workspace, seq);
CREATE INDEX events_at ON events (at);

-- Orders ------------------------------------------------------------------------------------------------------------

-- What orders are filtered and sorted by.
CREATE TABLE orders (
    workspace           BLOB    NOT NULL,
    store               BLOB    NOT NULL,
    id                  INTEGER NOT NULL,
    name                TEXT    NOT NULL,
    -- Name, SKUs and titles in lower case, one a line.
    search              TEXT    NOT NULL,
    currency            TEXT    NOT NULL,
    total               INTEGER NOT NULL,
    processed_at        INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    -- The store's local day of the sale.
    day                 TEXT    NOT NULL,
    financial_status    TEXT    NOT NULL,
    fulfillment_status  TEXT    NOT NULL,
    channel             TEXT    NOT NULL,
    country             TEXT,
    -- 1 refunded, 2 cancelled, 4 edited, 8 test.
    flags               INTEGER NOT NULL,
    -- SHA-256 of the documents: what is equal is not written again.
    content             BLOB    NOT NULL,
    version             INTEGER NOT NULL,
    observed_at         INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT;

CREATE INDEX orders_newest ON orders (workspace, store, processed_at, id, day);
-- Answers the span of a store without touching the rows.
CREATE INDEX orders_span ON orders (workspace, store, day, updated_at, observed_at);

-- Apart from `orders`, so that filters and sums do not read through the documents.
CREATE TABLE order_documents (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    id         INTEGER NOT NULL,
    facts      TEXT    NOT NULL,
    ledger     TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT;

-- What an order sold, each product and variant once.
CREATE TABLE order_items (
    workspace      BLOB    NOT NULL,
    store          BLOB    NOT NULL,
    order_id       INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    product_id     INTEGER,
    variant_id     INTEGER,
    sold_at        INTEGER NOT NULL,
    title          TEXT    NOT NULL,
    variant_title  TEXT,
    PRIMARY KEY (workspace, store, order_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX order_items_product ON order_items (workspace, store, product_id, order_id);
CREATE INDEX order_items_variant ON order_items (workspace, store, variant_id, order_id);

-- Orders and products that were deleted: an older copy that comes late does not bring them back.
CREATE TABLE tombstones (
    workspace   BLOB    NOT NULL,
    store       BLOB    NOT NULL,
    kind        TEXT    NOT NULL,
    id          INTEGER NOT NULL,
    deleted_at  INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, kind, id)
) STRICT, WITHOUT ROWID;

-- Sums of ledger entries by day and dimension, written with the entries. Clustered by day before key, as a report reads.
CREATE TABLE rollups (
    workspace                  BLOB    NOT NULL,
    store                      BLOB    NOT NULL,
    currency                   TEXT    NOT NULL,
    dimension                  TEXT    NOT NULL,
    day                        TEXT    NOT NULL,
    key                        TEXT    NOT NULL,
    orders                     INTEGER NOT NULL,
    orders_containing          INTEGER NOT NULL,
    units                      INTEGER NOT NULL,
    units_returned             INTEGER NOT NULL,
    gross_sales                INTEGER NOT NULL,
    discounts                  INTEGER NOT NULL,
    returns                    INTEGER NOT NULL,
    shipping                   INTEGER NOT NULL,
    taxes                      INTEGER NOT NULL,
    duties                     INTEGER NOT NULL,
    fees_charged               INTEGER NOT NULL,
    tips                       INTEGER NOT NULL,
    gift_cards                 INTEGER NOT NULL,
    unclassified               INTEGER NOT NULL,
    cost_of_goods              INTEGER NOT NULL,
    payment_fees               INTEGER NOT NULL,
    payment_fees_without_cost  INTEGER NOT NULL,
    refund_adjustments         INTEGER NOT NULL,
    cost_actual                INTEGER NOT NULL,
    cost_estimated             INTEGER NOT NULL,
    cost_missing               INTEGER NOT NULL,
    fees_actual                INTEGER NOT NULL,
    fees_estimated             INTEGER NOT NULL,
    fees_missing               INTEGER NOT NULL,
    entries                    INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, currency, dimension, day, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollups_of_key ON rollups (workspace, store, currency, dimension, key, day);

-- The catalogue -----------------------------------------------------------------------------------------------------

CREATE TABLE products (
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    id            INTEGER NOT NULL,
    title         TEXT    NOT NULL,
    -- The title in lower case (ASCII), to sort by.
    title_key     TEXT    NOT NULL,
    -- Title, vendor, type and SKUs in lower case, one a line.
    search        TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    -- 1 when at least one variant has no cost.
    cost_missing  INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    content       BLOB    NOT NULL,
    version       INTEGER NOT NULL,
    observed_at   INTEGER NOT NULL,
    facts         TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT;

CREATE INDEX products_title ON products (workspace, store, title_key, id);

-- Names of variants; their facts stand in the product's document.
CREATE TABLE variants (
    workspace   BLOB    NOT NULL,
    store       BLOB    NOT NULL,
    id          INTEGER NOT NULL,
    product_id  INTEGER NOT NULL,
    title       TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX variants_of_product ON variants (workspace, store, product_id);

-- What a unit cost from when on; never changed, only added to.
CREATE TABLE cost_records (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace    BLOB    NOT NULL,
    store        BLOB    NOT NULL,
    variant_id   INTEGER NOT NULL,
    -- Empty: since ever.
    valid_from   INTEGER,
    -- A decimal, finer than minor units; empty: unknown from here on.
    amount       TEXT,
    currency     TEXT,
    source       TEXT    NOT NULL,
    observed_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX cost_records_of_variant ON cost_records (workspace, store, variant_id);

-- Locations, stock, customers, payouts.
CREATE TABLE facts (
    workspace    BLOB    NOT NULL,
    store        BLOB    NOT NULL,
    kind         TEXT    NOT NULL,
    id           INTEGER NOT NULL,
    -- For stock the location, else 0.
    part         INTEGER NOT NULL,
    -- The provider's time, where it tells one.
    updated_at   INTEGER,
    -- What decides whether a row is newer: the provider's time, else when it was observed.
    age          INTEGER NOT NULL,
    document     TEXT    NOT NULL,
    observed_at  INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, kind, id, part)
) STRICT, WITHOUT ROWID;

-- Secrets -----------------------------------------------------------------------------------------------------------

CREATE TABLE secrets (
    workspace   BLOB    NOT NULL,
    name        TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    -- Sealed; only the vault opens it.
    blob        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (workspace, name)
) STRICT;

-- Known values under each key-encryption key, by which a wrong key shows before anything is written with it.
CREATE TABLE canaries (
    key_id  TEXT NOT NULL PRIMARY KEY,
    blob    BLOB NOT NULL
) STRICT;
