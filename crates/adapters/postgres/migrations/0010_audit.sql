-- The audit: entries in a chain of hashes for each workspace, only ever added to.

-- The last number that was given and the hash of its entry. Updating it puts writers in a row, so that chains have no forks.
CREATE TABLE audit_heads (
    workspace  UUID NOT NULL PRIMARY KEY,
    seq        BIGINT NOT NULL,
    hash       BYTEA NOT NULL
);

CREATE TABLE audit (
    workspace      UUID NOT NULL,
    seq            BIGINT NOT NULL,
    at             BIGINT NOT NULL,
    actor_kind     TEXT NOT NULL,
    actor_id       TEXT,
    actor_name     TEXT NOT NULL,
    actor_address  TEXT,
    action         TEXT COLLATE "C" NOT NULL,
    outcome        TEXT NOT NULL,
    target_kind    TEXT NOT NULL,
    target_id      TEXT NOT NULL,
    target_name    TEXT NOT NULL,
    -- JSON, exactly as it was hashed.
    before         TEXT,
    after          TEXT,
    reason         TEXT,
    previous       BYTEA NOT NULL,
    hash           BYTEA NOT NULL,
    -- Names of actor and target in lower case, one a line.
    search         TEXT NOT NULL,
    PRIMARY KEY (workspace, seq)
);

CREATE TABLE audit_checkpoints (
    workspace  UUID NOT NULL,
    seq        BIGINT NOT NULL,
    hash       BYTEA NOT NULL,
    at         BIGINT NOT NULL,
    signature  BYTEA NOT NULL,
    PRIMARY KEY (workspace, seq)
);
