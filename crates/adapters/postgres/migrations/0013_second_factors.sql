-- Authenticators with their recovery codes, sign-ins that wait for the second step, and identities at other places.

CREATE TABLE second_factors (
    user_id      UUID   NOT NULL PRIMARY KEY,
    -- Names the key in the secret store.
    enrolment    UUID   NOT NULL,
    created_at   BIGINT NOT NULL,
    -- Empty until the first code came.
    confirmed_at BIGINT,
    -- The newest time step whose code was accepted.
    last_step    BIGINT NOT NULL DEFAULT 0,
    -- Tries since a code was accepted, and when the next one is allowed.
    tries        BIGINT NOT NULL DEFAULT 0,
    not_before   BIGINT
);

CREATE TABLE recovery_codes (
    user_id UUID  NOT NULL,
    -- SHA-256.
    hash    BYTEA NOT NULL,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE pending_sign_ins (
    -- SHA-256 of what the browser was given.
    hash       BYTEA  NOT NULL PRIMARY KEY,
    user_id    UUID   NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX pending_sign_ins_age ON pending_sign_ins (expires_at);

CREATE TABLE identities (
    issuer  TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    user_id UUID NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- Browsers that are at the provider of identities.
CREATE TABLE sign_in_journeys (
    -- SHA-256 of what comes back with them.
    hash       BYTEA  NOT NULL PRIMARY KEY,
    nonce      TEXT   NOT NULL,
    verifier   TEXT   NOT NULL,
    next       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sign_in_journeys_age ON sign_in_journeys (expires_at);
