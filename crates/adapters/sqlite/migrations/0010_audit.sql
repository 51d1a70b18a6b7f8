-- The audit: entries in a chain of hashes for each workspace, only ever added to.

-- The last number that was given and the hash of its entry. Updating it puts writers in a row, so that chains have no forks.
CREATE TABLE audit_heads (
    workspace  BLOB    NOT NULL PRIMARY KEY,
    seq        INTEGER NOT NULL,
    hash       BLOB    NOT NULL
) STRICT;

CREATE TABLE audit (
    workspace      BLOB    NOT NULL,
    seq            INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    actor_kind     TEXT    NOT NULL,
    actor_id       TEXT,
    actor_name     TEXT    NOT NULL,
    actor_address  TEXT,
    action         TEXT    NOT NULL,
    outcome        TEXT    NOT NULL,
    target_kind    TEXT    NOT NULL,
    target_id      TEXT    NOT NULL,
    target_name    TEXT    NOT NULL,
    -- JSON, exactly as it was hashed.
    before         TEXT,
    after          TEXT,
    reason         TEXT,
    previous       BLOB    NOT NULL,
    hash           BLOB    NOT NULL,
    -- Names of actor and target in lower case, one a line.
    search         TEXT    NOT NULL,
    PRIMARY KEY (workspace, seq)
) STRICT;

CREATE TABLE audit_checkpoints (
    workspace  BLOB    NOT NULL,
    seq        INTEGER NOT NULL,
    hash       BLOB    NOT NULL,
    at         INTEGER NOT NULL,
    signature  BLOB    NOT NULL,
    PRIMARY KEY (workspace, seq)
) STRICT;
