-- Files on their way into a store.

CREATE TABLE imports (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    -- SHA-256 of the file in hex.
    sha256        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    document      TEXT    NOT NULL,
    -- One more with each change.
    version       INTEGER NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         INTEGER NOT NULL,
    leased_until  INTEGER
) STRICT;

-- Of one store at most one import writes.
CREATE UNIQUE INDEX imports_writing ON imports (workspace, store)
    WHERE status IN ('importing', 'cancelling', 'undoing');
CREATE INDEX imports_newest ON imports (workspace, created_at);
CREATE INDEX imports_of_content ON imports (workspace, store, sha256);

-- What is wrong in a file, row by row.
CREATE TABLE import_problems (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    import_id  BLOB    NOT NULL,
    document   TEXT    NOT NULL
) STRICT;

CREATE INDEX import_problems_of_import ON import_problems (import_id, id);

-- How columns were understood, for the next file with the same ones.
CREATE TABLE import_mappings (
    workspace   BLOB    NOT NULL,
    header_set  TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    mapping     TEXT    NOT NULL,
    saved_at    INTEGER NOT NULL,
    PRIMARY KEY (workspace, header_set)
) STRICT;

-- What each import replaced, written before the thing itself. Rows of one thing stand in the order of its imports.
CREATE TABLE import_journal (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace  BLOB    NOT NULL,
    store      BLOB    NOT NULL,
    kind       TEXT    NOT NULL,
    thing      INTEGER NOT NULL,
    import_id  BLOB    NOT NULL,
    -- Empty: it was not there.
    before     TEXT,
    UNIQUE (workspace, store, kind, thing, import_id)
) STRICT;

CREATE INDEX import_journal_of_import ON import_journal (import_id, seq);
