-- What buyers wrote and what was answered, and the names of messages that were taken once.

CREATE TABLE support_tickets (
    id          BLOB NOT NULL PRIMARY KEY,
    workspace   BLOB NOT NULL,
    store       BLOB NOT NULL,
    customer    INTEGER,
    status      TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    -- Until when an answer is owed; NULL: none is.
    due_at      INTEGER,
    version     INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT;
CREATE INDEX support_tickets_newest ON support_tickets (workspace, store, created_at);
CREATE INDEX support_tickets_due ON support_tickets (workspace, store, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX support_tickets_of_customer ON support_tickets (workspace, store, customer) WHERE customer IS NOT NULL;

CREATE TABLE support_messages (
    workspace   BLOB NOT NULL,
    store       BLOB NOT NULL,
    -- As whoever brought it names it.
    external    TEXT NOT NULL,
    ticket      BLOB NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, external)
) STRICT;
