-- What stays of a workspace that was deleted: that it was, by whom, and where its audit ended.
CREATE TABLE workspace_deletions (
    id          UUID   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    deleted_at  BIGINT NOT NULL,
    deleted_by  TEXT   NOT NULL,
    -- The last entry of its audit, which tells the deletion itself.
    audit_seq   BIGINT NOT NULL,
    audit_hash  BYTEA  NOT NULL
);
