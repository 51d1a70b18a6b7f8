-- Passkeys with the challenges that wait for an answer, and letters that are owed.

CREATE TABLE passkeys (
    id           UUID   NOT NULL PRIMARY KEY,
    user_id      UUID   NOT NULL,
    name         TEXT   NOT NULL,
    -- The authenticator's own name for it.
    credential   BYTEA  NOT NULL UNIQUE,
    -- The public key, with what stays as it was when the passkey was made.
    key          BYTEA  NOT NULL,
    -- What each use may change.
    state        BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT
);

CREATE INDEX passkeys_of_user ON passkeys (user_id, created_at);

CREATE TABLE passkey_ceremonies (
    -- SHA-256 of the challenge.
    hash       BYTEA  NOT NULL PRIMARY KEY,
    -- Empty: somebody signs in.
    user_id    UUID,
    state      BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX passkey_ceremonies_age ON passkey_ceremonies (expires_at);

CREATE TABLE letters (
    id         UUID   NOT NULL PRIMARY KEY,
    -- Both empty: the password of the address was forgotten.
    workspace  UUID,
    link       UUID,
    email      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    -- Whoever takes it up moves this on.
    due_at     BIGINT NOT NULL
);

CREATE INDEX letters_due ON letters (due_at);
