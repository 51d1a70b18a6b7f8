-- Which variant of a supplier a variant of the store is. What was taken away stays, so that it is not made again by itself.

CREATE TABLE supplier_mappings (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    -- Follows from variant and product.
    id         BLOB    NOT NULL,
    -- The store's.
    variant    INTEGER NOT NULL,
    product    TEXT    NOT NULL,
    is_off     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    document   TEXT    NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX supplier_mappings_variant ON supplier_mappings (workspace, store, variant, id);
