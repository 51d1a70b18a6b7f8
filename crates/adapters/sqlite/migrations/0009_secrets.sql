-- When secrets are used, and how often keys seal.

-- To the hour.
ALTER TABLE secrets ADD COLUMN last_used_at INTEGER;

-- How often each key-encryption key sealed: random nonces are safe for 2^32 uses only.
CREATE TABLE key_uses (
    key_id  TEXT    NOT NULL PRIMARY KEY,
    uses    INTEGER NOT NULL
) STRICT;
