-- What people say of two products of suppliers: the same thing, or not. What they say no more is taken away; the audit has it.

CREATE TABLE offer_matches (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    -- Hyphenated hexadecimal, the smaller one first.
    one        TEXT   NOT NULL,
    other      TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, one, other)
);
