-- The page's order without a sort: many opportunities share a score.

CREATE INDEX opportunities_in_order ON opportunities (workspace, store, rank DESC, id);
