-- What suppliers offer with the history of prices, what of it is worth selling, and how that is scored.

CREATE TABLE supplier_products (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    -- Hyphenated hexadecimal.
    id         TEXT   NOT NULL,
    platform   TEXT   NOT NULL,
    -- In small letters; empty where nobody told it.
    supplier   TEXT   NOT NULL,
    search     TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT, WITHOUT ROWID;

-- Where a price was another than before.
CREATE TABLE supplier_prices (
    workspace    BLOB   NOT NULL,
    store        BLOB   NOT NULL,
    product      TEXT   NOT NULL,
    variant      TEXT   NOT NULL,
    import       TEXT   NOT NULL,
    observed_at  INTEGER NOT NULL,
    document     TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, product, variant, import)
) STRICT, WITHOUT ROWID;
CREATE INDEX supplier_prices_of_import ON supplier_prices (workspace, store, import);

CREATE TABLE opportunities (
    id             BLOB   NOT NULL PRIMARY KEY,
    workspace      BLOB   NOT NULL,
    store          BLOB   NOT NULL,
    -- The lower end of the interval of the score, in hundredths.
    rank           INTEGER NOT NULL,
    score          INTEGER,
    -- Ten-thousandths of the price.
    margin         INTEGER,
    -- Whether its potential is high.
    high           INTEGER NOT NULL,
    -- Lines, with one before the first and one after the last.
    suppliers      TEXT   NOT NULL,
    ships_to       TEXT   NOT NULL,
    discovered_at  INTEGER NOT NULL,
    computed_at    INTEGER NOT NULL,
    gone           INTEGER NOT NULL,
    document       TEXT   NOT NULL,
    -- Counts decisions; 0 before the first.
    version        INTEGER NOT NULL,
    watch          TEXT   NOT NULL,
    until          INTEGER,
    decision       TEXT
) STRICT;
CREATE INDEX opportunities_ranked ON opportunities (workspace, store, rank);

-- How much each factor counts. Earlier versions are in the audit.
CREATE TABLE opportunity_settings (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    version    INTEGER NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store)
) STRICT, WITHOUT ROWID;
