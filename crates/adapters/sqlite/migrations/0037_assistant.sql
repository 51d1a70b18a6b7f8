-- Conversations with the assistant: sessions, what was said in them, and the frames of answers.

CREATE TABLE assistant_sessions (
    id          BLOB NOT NULL PRIMARY KEY,
    workspace   BLOB NOT NULL,
    user_id     BLOB NOT NULL,
    agent_type  TEXT NOT NULL,
    title       TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    messages    INTEGER NOT NULL,
    -- Number of the last frame.
    frames      INTEGER NOT NULL,
    -- The same when the newest question was asked.
    asked_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX assistant_sessions_newest ON assistant_sessions (workspace, created_at);

CREATE TABLE assistant_messages (
    id          BLOB NOT NULL PRIMARY KEY,
    session     BLOB NOT NULL,
    -- Grows by one in a session.
    no          INTEGER NOT NULL,
    role        TEXT NOT NULL,
    content     TEXT NOT NULL,
    answer      TEXT,
    created_at  INTEGER NOT NULL,
    -- Of a question that waits: not to be taken up before; NULL: it waits no more.
    due_at      INTEGER,
    attempts    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX assistant_messages_in_order ON assistant_messages (session, no);
CREATE INDEX assistant_messages_due ON assistant_messages (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE assistant_frames (
    session     BLOB NOT NULL,
    no          INTEGER NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (session, no)
) STRICT, WITHOUT ROWID;
