-- The limits that people set for what is written in a store. Earlier versions are in the audit.

CREATE TABLE guardrails (
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    document   TEXT    NOT NULL,
    PRIMARY KEY (workspace, store)
) STRICT, WITHOUT ROWID;
