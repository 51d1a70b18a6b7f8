-- Which variant of a supplier a variant of the store is. What was taken away stays, so that it is not made again by itself.

CREATE TABLE supplier_mappings (
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    -- Follows from variant and product.
    id         UUID    NOT NULL,
    -- The store's.
    variant    BIGINT NOT NULL,
    product    TEXT    NOT NULL,
    is_off     BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    document   TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, id)
);
CREATE INDEX supplier_mappings_variant ON supplier_mappings (workspace, store, variant, id);
