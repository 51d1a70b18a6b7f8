-- Days on which a figure was unusual with what people said about them, and the briefs of mornings.

CREATE TABLE anomalies (
    id          BLOB NOT NULL PRIMARY KEY,
    workspace   BLOB NOT NULL,
    store       BLOB NOT NULL,
    -- Midnight UTC of its day.
    created_at  INTEGER NOT NULL,
    standing    TEXT NOT NULL,
    gone        INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    document    TEXT NOT NULL,
    mark        TEXT
) STRICT;
CREATE INDEX anomalies_newest ON anomalies (workspace, store, created_at);

CREATE TABLE briefs (
    id          BLOB NOT NULL PRIMARY KEY,
    workspace   BLOB NOT NULL,
    store       BLOB NOT NULL,
    -- Midnight UTC of the day that it speaks of.
    created_at  INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT;
CREATE INDEX briefs_newest ON briefs (workspace, store, created_at);
