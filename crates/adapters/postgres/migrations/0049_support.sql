-- What buyers wrote and what was answered, and the names of messages that were taken once.

CREATE TABLE support_tickets (
    id          UUID NOT NULL PRIMARY KEY,
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    customer    BIGINT,
    status      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    -- Until when an answer is owed; NULL: none is.
    due_at      BIGINT,
    version     BIGINT NOT NULL,
    document    TEXT NOT NULL
);
CREATE INDEX support_tickets_newest ON support_tickets (workspace, store, created_at);
CREATE INDEX support_tickets_due ON support_tickets (workspace, store, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX support_tickets_of_customer ON support_tickets (workspace, store, customer) WHERE customer IS NOT NULL;

CREATE TABLE support_messages (
    workspace   UUID NOT NULL,
    store       UUID NOT NULL,
    -- As whoever brought it names it.
    external    TEXT NOT NULL,
    ticket      UUID NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, external)
);
