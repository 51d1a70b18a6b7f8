-- Service accounts, deactivated users, where sessions come from, one-time links, requests that are sent twice.

ALTER TABLE users ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';
-- What a service account is called.
ALTER TABLE users ADD COLUMN name TEXT;
ALTER TABLE users ADD COLUMN disabled_at BIGINT;

ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN agent TEXT;
CREATE INDEX sessions_of_user ON sessions (user_id, last_seen_at);
CREATE INDEX api_tokens_of_user ON api_tokens (workspace, user_id);

CREATE TABLE links (
    id          UUID NOT NULL PRIMARY KEY,
    -- SHA-256 of the link's secret.
    hash        BYTEA NOT NULL UNIQUE,
    workspace   UUID NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    email       TEXT COLLATE "C" NOT NULL,
    role        TEXT NOT NULL,
    user_id     UUID,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    UNIQUE (workspace, kind, email)
);

CREATE TABLE idempotency_keys (
    workspace     UUID NOT NULL,
    principal     TEXT COLLATE "C" NOT NULL,
    route         TEXT COLLATE "C" NOT NULL,
    key           TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of what was asked for.
    fingerprint   BYTEA NOT NULL,
    first_at      BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    -- Empty until it is done.
    status        BIGINT,
    content_type  TEXT,
    location      TEXT,
    body          BYTEA,
    PRIMARY KEY (workspace, principal, route, key)
);

CREATE INDEX idempotency_keys_age ON idempotency_keys (first_at);
