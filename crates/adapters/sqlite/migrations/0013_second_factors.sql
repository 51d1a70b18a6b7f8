-- Authenticators with their recovery codes, sign-ins that wait for the second step, and identities at other places.

CREATE TABLE second_factors (
    user_id      BLOB    NOT NULL PRIMARY KEY,
    -- Names the key in the secret store.
    enrolment    BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- Empty until the first code came.
    confirmed_at INTEGER,
    -- The newest time step whose code was accepted.
    last_step    INTEGER NOT NULL DEFAULT 0,
    -- Tries since a code was accepted, and when the next one is allowed.
    tries        INTEGER NOT NULL DEFAULT 0,
    not_before   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL,
    -- SHA-256.
    hash    BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE pending_sign_ins (
    -- SHA-256 of what the browser was given.
    hash       BLOB    NOT NULL PRIMARY KEY,
    user_id    BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX pending_sign_ins_age ON pending_sign_ins (expires_at);

CREATE TABLE identities (
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

-- Browsers that are at the provider of identities.
CREATE TABLE sign_in_journeys (
    -- SHA-256 of what comes back with them.
    hash       BLOB    NOT NULL PRIMARY KEY,
    nonce      TEXT    NOT NULL,
    verifier   TEXT    NOT NULL,
    next       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_journeys_age ON sign_in_journeys (expires_at);
