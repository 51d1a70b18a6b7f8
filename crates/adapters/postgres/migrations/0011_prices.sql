-- What a variant was offered at from when on, as it was seen; never changed, only added to.
CREATE TABLE price_records (
    id                BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace         UUID   NOT NULL,
    store             UUID   NOT NULL,
    variant_id        BIGINT NOT NULL,
    -- Minor units of the store's currency.
    price             BIGINT NOT NULL,
    compare_at_price  BIGINT,
    seen_at           BIGINT NOT NULL
);

CREATE INDEX price_records_of_variant ON price_records (workspace, store, variant_id);
