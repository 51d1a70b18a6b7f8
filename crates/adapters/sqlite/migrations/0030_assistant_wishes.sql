-- Questions of the assistant whose asker may propose changes, so that an answer may.

CREATE TABLE assistant_wishes (
    message     BLOB NOT NULL PRIMARY KEY,
    session     BLOB NOT NULL
) STRICT;
CREATE INDEX assistant_wishes_of ON assistant_wishes (session);
