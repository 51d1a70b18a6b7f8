-- Passkeys with the challenges that wait for an answer, and letters that are owed.

CREATE TABLE passkeys (
    id           BLOB    NOT NULL PRIMARY KEY,
    user_id      BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    -- The authenticator's own name for it.
    credential   BLOB    NOT NULL UNIQUE,
    -- The public key, with what stays as it was when the passkey was made.
    key          BLOB    NOT NULL,
    -- What each use may change.
    state        BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at);

CREATE TABLE passkey_ceremonies (
    -- SHA-256 of the challenge.
    hash       BLOB    NOT NULL PRIMARY KEY,
    -- Empty: somebody signs in.
    user_id    BLOB,
    state      BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX passkey_ceremonies_age ON passkey_ceremonies (expires_at);

CREATE TABLE letters (
    id         BLOB    NOT NULL PRIMARY KEY,
    -- Both empty: the password of the address was forgotten.
    workspace  BLOB,
    link       BLOB,
    email      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    -- Whoever takes it up moves this on.
    due_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX letters_due ON letters (due_at);
