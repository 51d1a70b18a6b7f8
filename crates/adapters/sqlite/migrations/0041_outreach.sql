-- Exports of segments, whom they named and for what, and how often that may be.

CREATE TABLE outreach_settings (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    document   TEXT    NOT NULL,
    PRIMARY KEY (workspace, store)
) STRICT, WITHOUT ROWID;

-- Names nobody.
CREATE TABLE outreach_exports (
    id         BLOB    NOT NULL PRIMARY KEY,
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    at         INTEGER NOT NULL,
    document   TEXT    NOT NULL
) STRICT;
CREATE INDEX outreach_exports_newest ON outreach_exports (workspace, store, at);

-- For one cause once.
CREATE TABLE outreach_told (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    customer   INTEGER NOT NULL,
    cause      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    export     BLOB    NOT NULL,
    PRIMARY KEY (workspace, store, customer, cause)
) STRICT, WITHOUT ROWID;
CREATE INDEX outreach_told_export ON outreach_told (export);
