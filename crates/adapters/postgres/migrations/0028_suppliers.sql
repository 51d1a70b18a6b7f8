-- What suppliers offer with the history of prices, what of it is worth selling, and how that is scored.

CREATE TABLE supplier_products (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    -- Hyphenated hexadecimal.
    id         TEXT   NOT NULL,
    platform   TEXT   NOT NULL,
    -- In small letters; empty where nobody told it.
    supplier   TEXT   NOT NULL,
    search     TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, id)
);

-- Where a price was another than before.
CREATE TABLE supplier_prices (
    workspace    UUID   NOT NULL,
    store        UUID   NOT NULL,
    product      TEXT   NOT NULL,
    variant      TEXT   NOT NULL,
    import       TEXT   NOT NULL,
    observed_at  BIGINT NOT NULL,
    document     TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, product, variant, import)
);
CREATE INDEX supplier_prices_of_import ON supplier_prices (workspace, store, import);

CREATE TABLE opportunities (
    id             UUID   NOT NULL PRIMARY KEY,
    workspace      UUID   NOT NULL,
    store          UUID   NOT NULL,
    -- The lower end of the interval of the score, in hundredths.
    rank           BIGINT NOT NULL,
    score          BIGINT,
    -- Ten-thousandths of the price.
    margin         BIGINT,
    -- Whether its potential is high.
    high           BIGINT NOT NULL,
    -- Lines, with one before the first and one after the last.
    suppliers      TEXT   NOT NULL,
    ships_to       TEXT   NOT NULL,
    discovered_at  BIGINT NOT NULL,
    computed_at    BIGINT NOT NULL,
    gone           BIGINT NOT NULL,
    document       TEXT   NOT NULL,
    -- Counts decisions; 0 before the first.
    version        BIGINT NOT NULL,
    watch          TEXT   NOT NULL,
    until          BIGINT,
    decision       TEXT
);
CREATE INDEX opportunities_ranked ON opportunities (workspace, store, rank);

-- How much each factor counts. Earlier versions are in the audit.
CREATE TABLE opportunity_settings (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    version    BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store)
);
