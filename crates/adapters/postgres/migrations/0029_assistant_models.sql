-- What models of the assistant used by person and day, and questions whose answers are not wanted any more.

CREATE TABLE assistant_usage (
    workspace   UUID NOT NULL,
    user_id     UUID NOT NULL,
    -- YYYY-MM-DD, UTC.
    day         TEXT NOT NULL,
    tokens      BIGINT NOT NULL,
    -- Of these, the ones that no provider counted.
    estimated   BIGINT NOT NULL,
    -- Millionths of the currency that prices are told in.
    micros      BIGINT NOT NULL,
    PRIMARY KEY (workspace, user_id, day)
);

CREATE TABLE assistant_cancels (
    message     UUID NOT NULL PRIMARY KEY,
    session     UUID NOT NULL
);
CREATE INDEX assistant_cancels_of ON assistant_cancels (session);
