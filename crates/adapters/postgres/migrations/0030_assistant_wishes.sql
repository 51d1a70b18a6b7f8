-- Questions of the assistant whose asker may propose changes, so that an answer may.

CREATE TABLE assistant_wishes (
    message     UUID NOT NULL PRIMARY KEY,
    session     UUID NOT NULL
);
CREATE INDEX assistant_wishes_of ON assistant_wishes (session);
