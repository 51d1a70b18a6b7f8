-- What models of the assistant used by person and day, and questions whose answers are not wanted any more.

CREATE TABLE assistant_usage (
    workspace   BLOB NOT NULL,
    user_id     BLOB NOT NULL,
    -- YYYY-MM-DD, UTC.
    day         TEXT NOT NULL,
    tokens      INTEGER NOT NULL,
    -- Of these, the ones that no provider counted.
    estimated   INTEGER NOT NULL,
    -- Millionths of the currency that prices are told in.
    micros      INTEGER NOT NULL,
    PRIMARY KEY (workspace, user_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE assistant_cancels (
    message     BLOB NOT NULL PRIMARY KEY,
    session     BLOB NOT NULL
) STRICT;
CREATE INDEX assistant_cancels_of ON assistant_cancels (session);
