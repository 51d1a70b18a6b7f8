-- What stays of a workspace that was deleted: that it was, by whom, and where its audit ended.
CREATE TABLE workspace_deletions (
    id          BLOB    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    deleted_at  INTEGER NOT NULL,
    deleted_by  TEXT    NOT NULL,
    -- The last entry of its audit, which tells the deletion itself.
    audit_seq   INTEGER NOT NULL,
    audit_hash  BLOB    NOT NULL
) STRICT;
