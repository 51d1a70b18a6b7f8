-- Notices with who has read them, where they go, and the messages that are owed.

CREATE TABLE notices (
    id         BLOB NOT NULL PRIMARY KEY,
    workspace  BLOB NOT NULL,
    cause      TEXT NOT NULL,
    severity   TEXT NOT NULL,
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    -- 0 until the messages that are owed because of it are stored.
    planned    INTEGER NOT NULL,
    document   TEXT NOT NULL
) STRICT;

CREATE INDEX notices_newest ON notices (workspace, first_at);
CREATE INDEX notices_of_cause ON notices (workspace, cause, first_at);
CREATE INDEX notices_unplanned ON notices (first_at) WHERE planned = 0;
CREATE INDEX notices_last ON notices (last_at);

-- What was counted already, by its name.
CREATE TABLE notice_keys (
    workspace  BLOB NOT NULL,
    name       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (workspace, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_keys_at ON notice_keys (at);

CREATE TABLE notice_reads (
    user_id  BLOB NOT NULL,
    notice   BLOB NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (user_id, notice)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_reads_of ON notice_reads (notice);

-- How far each workspace was looked through.
CREATE TABLE notice_cursors (
    workspace  BLOB NOT NULL PRIMARY KEY,
    audit_seq  INTEGER NOT NULL,
    -- What ended before is not told.
    since      INTEGER
) STRICT, WITHOUT ROWID;

-- What happened before this release is no news.
INSERT INTO notice_cursors (workspace, audit_seq, since)
SELECT w.id, COALESCE(h.seq, 0), CAST(strftime('%s', 'now') AS INTEGER) * 1000000
FROM workspaces w LEFT JOIN audit_heads h ON h.workspace = w.id;

CREATE TABLE notification_preferences (
    user_id    BLOB NOT NULL PRIMARY KEY,
    workspace  BLOB NOT NULL,
    document   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notification_channels (
    id          BLOB NOT NULL PRIMARY KEY,
    workspace   BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT;

CREATE INDEX notification_channels_of ON notification_channels (workspace, created_at);

CREATE TABLE deliveries (
    id              BLOB NOT NULL PRIMARY KEY,
    workspace       BLOB NOT NULL,
    -- person, channel
    recipient_kind  TEXT NOT NULL,
    recipient       BLOB NOT NULL,
    digest          INTEGER NOT NULL,
    test            INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    -- pending, sent, dead
    state           TEXT NOT NULL,
    tries           INTEGER NOT NULL,
    last_error      TEXT,
    finished_at     INTEGER,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence           INTEGER NOT NULL,
    leased_until    INTEGER
) STRICT;

CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state = 'pending';
CREATE INDEX deliveries_newest ON deliveries (workspace, created_at);
CREATE INDEX deliveries_of ON deliveries (recipient, created_at);
CREATE INDEX deliveries_finished ON deliveries (finished_at);

-- What a message tells.
CREATE TABLE delivery_notices (
    delivery  BLOB NOT NULL,
    notice    BLOB NOT NULL,
    PRIMARY KEY (delivery, notice)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_notices_of ON delivery_notices (notice);
