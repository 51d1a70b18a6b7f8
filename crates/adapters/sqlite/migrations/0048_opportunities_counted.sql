-- Counting what waits reads no documents.

CREATE INDEX opportunities_counted ON opportunities (workspace, store, watch, until, high, discovered_at, score, margin);
