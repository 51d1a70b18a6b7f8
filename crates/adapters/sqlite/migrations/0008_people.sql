-- Service accounts, deactivated users, where sessions come from, one-time links, requests that are sent twice.

ALTER TABLE users ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';
-- What a service account is called.
ALTER TABLE users ADD COLUMN name TEXT;
ALTER TABLE users ADD COLUMN disabled_at INTEGER;

ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN agent TEXT;
CREATE INDEX sessions_of_user ON sessions (user_id, last_seen_at);
CREATE INDEX api_tokens_of_user ON api_tokens (workspace, user_id);

CREATE TABLE links (
    id          BLOB    NOT NULL PRIMARY KEY,
    -- SHA-256 of the link's secret.
    hash        BLOB    NOT NULL UNIQUE,
    workspace   BLOB    NOT NULL,
    kind        TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    user_id     BLOB,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    UNIQUE (workspace, kind, email)
) STRICT;

CREATE TABLE idempotency_keys (
    workspace     BLOB    NOT NULL,
    principal     TEXT    NOT NULL,
    route         TEXT    NOT NULL,
    key           TEXT    NOT NULL,
    -- SHA-256 of what was asked for.
    fingerprint   BLOB    NOT NULL,
    first_at      INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL,
    -- Empty until it is done.
    status        INTEGER,
    content_type  TEXT,
    location      TEXT,
    body          BLOB,
    PRIMARY KEY (workspace, principal, route, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_age ON idempotency_keys (first_at);
