-- Exports of segments, whom they named and for what, and how often that may be.

CREATE TABLE outreach_settings (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    version    BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store)
);

-- Names nobody.
CREATE TABLE outreach_exports (
    id         UUID   NOT NULL PRIMARY KEY,
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    at         BIGINT NOT NULL,
    document   TEXT   NOT NULL
);
CREATE INDEX outreach_exports_newest ON outreach_exports (workspace, store, at);

-- For one cause once.
CREATE TABLE outreach_told (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    customer   BIGINT NOT NULL,
    cause      TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    export     UUID   NOT NULL,
    PRIMARY KEY (workspace, store, customer, cause)
);
CREATE INDEX outreach_told_export ON outreach_told (export);
