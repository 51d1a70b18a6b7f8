-- Files on their way into a store.

CREATE TABLE imports (
    id            UUID    NOT NULL PRIMARY KEY,
    workspace     UUID    NOT NULL,
    store         UUID    NOT NULL,
    status        TEXT    COLLATE "C" NOT NULL,
    -- SHA-256 of the file in hex.
    sha256        TEXT    COLLATE "C" NOT NULL,
    created_at    BIGINT  NOT NULL,
    document      TEXT    NOT NULL,
    -- One more with each change.
    version       BIGINT  NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         BIGINT  NOT NULL,
    leased_until  BIGINT 
);

-- Of one store at most one import writes.
CREATE UNIQUE INDEX imports_writing ON imports (workspace, store)
    WHERE status IN ('importing', 'cancelling', 'undoing');
CREATE INDEX imports_newest ON imports (workspace, created_at);
CREATE INDEX imports_of_content ON imports (workspace, store, sha256);

-- What is wrong in a file, row by row.
CREATE TABLE import_problems (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    import_id  UUID    NOT NULL,
    document   TEXT    NOT NULL
);

CREATE INDEX import_problems_of_import ON import_problems (import_id, id);

-- How columns were understood, for the next file with the same ones.
CREATE TABLE import_mappings (
    workspace   UUID    NOT NULL,
    header_set  TEXT    COLLATE "C" NOT NULL,
    name        TEXT    NOT NULL,
    mapping     TEXT    NOT NULL,
    saved_at    BIGINT  NOT NULL,
    PRIMARY KEY (workspace, header_set)
);

-- What each import replaced, written before the thing itself. Rows of one thing stand in the order of its imports.
CREATE TABLE import_journal (
    seq        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace  UUID    NOT NULL,
    store      UUID    NOT NULL,
    kind       TEXT    COLLATE "C" NOT NULL,
    thing      BIGINT  NOT NULL,
    import_id  UUID    NOT NULL,
    -- Empty: it was not there.
    before     TEXT,
    UNIQUE (workspace, store, kind, thing, import_id)
);

CREATE INDEX import_journal_of_import ON import_journal (import_id, seq);
