-- What was seen on the pictures of suppliers' products. Where a picture is, stands beside its product, so that those that nobody looked at are found
-- without reading every product.

ALTER TABLE supplier_products ADD COLUMN image TEXT;
UPDATE supplier_products SET image = (document::json ->> 'image');
CREATE INDEX supplier_products_pictured ON supplier_products (workspace, store, id) WHERE image IS NOT NULL;

CREATE TABLE supplier_pictures (
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    -- Hyphenated hexadecimal.
    product    TEXT    NOT NULL,
    -- Of which it was; of a product that has another one by now it says nothing.
    url        TEXT    NOT NULL,
    -- claimed, hashed, plain, failed
    state      TEXT    NOT NULL,
    -- 16 hexadecimal digits.
    hash       TEXT,
    reason     TEXT,
    failures   BIGINT NOT NULL,
    looked_at  BIGINT,
    -- NULL: not by itself.
    again_at   BIGINT,
    PRIMARY KEY (workspace, store, product)
);
