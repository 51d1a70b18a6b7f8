-- Conversations with the assistant: sessions, what was said in them, and the frames of answers.

CREATE TABLE assistant_sessions (
    id          UUID NOT NULL PRIMARY KEY,
    workspace   UUID NOT NULL,
    user_id     UUID NOT NULL,
    agent_type  TEXT NOT NULL,
    title       TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    messages    BIGINT NOT NULL,
    -- Number of the last frame.
    frames      BIGINT NOT NULL,
    -- The same when the newest question was asked.
    asked_at    BIGINT NOT NULL
);
CREATE INDEX assistant_sessions_newest ON assistant_sessions (workspace, created_at);

CREATE TABLE assistant_messages (
    id          UUID NOT NULL PRIMARY KEY,
    session     UUID NOT NULL,
    -- Grows by one in a session.
    no          BIGINT NOT NULL,
    role        TEXT NOT NULL,
    content     TEXT NOT NULL,
    answer      TEXT,
    created_at  BIGINT NOT NULL,
    -- Of a question that waits: not to be taken up before; NULL: it waits no more.
    due_at      BIGINT,
    attempts    BIGINT NOT NULL
);
CREATE UNIQUE INDEX assistant_messages_in_order ON assistant_messages (session, no);
CREATE INDEX assistant_messages_due ON assistant_messages (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE assistant_frames (
    session     UUID NOT NULL,
    no          BIGINT NOT NULL,
    document    TEXT NOT NULL,
    PRIMARY KEY (session, no)
);
