-- Notices with who has read them, where they go, and the messages that are owed.

CREATE TABLE notices (
    id         UUID NOT NULL PRIMARY KEY,
    workspace  UUID NOT NULL,
    cause      TEXT NOT NULL,
    severity   TEXT NOT NULL,
    first_at   BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    -- 0 until the messages that are owed because of it are stored.
    planned    BIGINT NOT NULL,
    document   TEXT NOT NULL
);

CREATE INDEX notices_newest ON notices (workspace, first_at);
CREATE INDEX notices_of_cause ON notices (workspace, cause, first_at);
CREATE INDEX notices_unplanned ON notices (first_at) WHERE planned = 0;
CREATE INDEX notices_last ON notices (last_at);

-- What was counted already, by its name.
CREATE TABLE notice_keys (
    workspace  UUID NOT NULL,
    name       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (workspace, name)
);

CREATE INDEX notice_keys_at ON notice_keys (at);

CREATE TABLE notice_reads (
    user_id  UUID NOT NULL,
    notice   UUID NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (user_id, notice)
);

CREATE INDEX notice_reads_of ON notice_reads (notice);

-- How far each workspace was looked through.
CREATE TABLE notice_cursors (
    workspace  UUID NOT NULL PRIMARY KEY,
    audit_seq  BIGINT NOT NULL,
    -- What ended before is not told.
    since      BIGINT
);

-- What happened before this release is no news.
INSERT INTO notice_cursors (workspace, audit_seq, since)
SELECT w.id, COALESCE(h.seq, 0), CAST(EXTRACT(EPOCH FROM now()) * 1000000 AS BIGINT)
FROM workspaces w LEFT JOIN audit_heads h ON h.workspace = w.id;

CREATE TABLE notification_preferences (
    user_id    UUID NOT NULL PRIMARY KEY,
    workspace  UUID NOT NULL,
    document   TEXT NOT NULL
);

CREATE TABLE notification_channels (
    id          UUID NOT NULL PRIMARY KEY,
    workspace   UUID NOT NULL,
    created_at  BIGINT NOT NULL,
    document    TEXT NOT NULL
);

CREATE INDEX notification_channels_of ON notification_channels (workspace, created_at);

CREATE TABLE deliveries (
    id              UUID NOT NULL PRIMARY KEY,
    workspace       UUID NOT NULL,
    -- person, channel
    recipient_kind  TEXT NOT NULL,
    recipient       UUID NOT NULL,
    digest          BIGINT NOT NULL,
    test            BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    -- pending, sent, dead
    state           TEXT NOT NULL,
    tries           BIGINT NOT NULL,
    last_error      TEXT,
    finished_at     BIGINT,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence           BIGINT NOT NULL,
    leased_until    BIGINT
);

CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state = 'pending';
CREATE INDEX deliveries_newest ON deliveries (workspace, created_at);
CREATE INDEX deliveries_of ON deliveries (recipient, created_at);
CREATE INDEX deliveries_finished ON deliveries (finished_at);

-- What a message tells.
CREATE TABLE delivery_notices (
    delivery  UUID NOT NULL,
    notice    UUID NOT NULL,
    PRIMARY KEY (delivery, notice)
);

CREATE INDEX delivery_notices_of ON delivery_notices (notice);
