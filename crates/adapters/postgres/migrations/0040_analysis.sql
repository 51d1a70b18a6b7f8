-- Days on which a figure was unusual with what people said about them, and the briefs of mornings.

CREATE TABLE anomalies (
    id          UUID NOT NULL PRIMARY KEY,
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    -- Midnight UTC of its day.
    created_at  BIGINT NOT NULL,
    standing    TEXT NOT NULL,
    gone        BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    document    TEXT NOT NULL,
    mark        TEXT
);
CREATE INDEX anomalies_newest ON anomalies (workspace, store, created_at);

CREATE TABLE briefs (
    id          UUID NOT NULL PRIMARY KEY,
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    -- Midnight UTC of the day that it speaks of.
    created_at  BIGINT NOT NULL,
    document    TEXT NOT NULL
);
CREATE INDEX briefs_newest ON briefs (workspace, store, created_at);
