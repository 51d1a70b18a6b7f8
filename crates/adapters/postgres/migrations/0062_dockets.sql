-- Small documents about things that stand with somebody outside, each with its version and when somebody has to look at it.

CREATE TABLE dockets (
    workspace   UUID NOT NULL,
    -- What it is about, e.g. incidents.
    desk        TEXT NOT NULL,
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    -- NULL: nobody has to do anything.
    due_at      BIGINT,
    document    TEXT NOT NULL,
    PRIMARY KEY (workspace, desk, name)
);
CREATE INDEX dockets_due ON dockets (desk, due_at) WHERE due_at IS NOT NULL;
