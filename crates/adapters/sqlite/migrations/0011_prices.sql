-- What a variant was offered at from when on, as it was seen; never changed, only added to.
CREATE TABLE price_records (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace         BLOB    NOT NULL,
    store             BLOB    NOT NULL,
    variant_id        INTEGER NOT NULL,
    -- Minor units of the store's currency.
    price             INTEGER NOT NULL,
    compare_at_price  INTEGER,
    seen_at           INTEGER NOT NULL
) STRICT;

CREATE INDEX price_records_of_variant ON price_records (workspace, store, variant_id);
