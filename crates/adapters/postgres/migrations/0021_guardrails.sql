-- The limits that people set for what is written in a store. Earlier versions are in the audit.

CREATE TABLE guardrails (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    version    BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store)
);
