-- When the newest order was observed is read off the end of this index; the span of a store is still answered by it alone.
DROP INDEX orders_span;
CREATE INDEX orders_span ON orders (workspace, store, observed_at, updated_at, day);
