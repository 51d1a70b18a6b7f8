-- Exchange rates of a workspace, how it wants its money told, and where the published series stands.

CREATE TABLE rates (
    workspace    BLOB    NOT NULL,
    quote        TEXT    NOT NULL,
    day          TEXT    NOT NULL,
    base         TEXT    NOT NULL,
    -- entered, imported, feed.
    source       TEXT    NOT NULL,
    -- Units of quote for one of base, as a decimal.
    value        TEXT    NOT NULL,
    -- Who or what told it.
    origin       TEXT    NOT NULL,
    import_id    BLOB,
    observed_at  INTEGER NOT NULL,
    PRIMARY KEY (workspace, quote, day, base, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX rates_by_day ON rates (workspace, day);
CREATE INDEX rates_of_import ON rates (workspace, import_id) WHERE import_id IS NOT NULL;

CREATE TABLE money_settings (
    workspace  BLOB NOT NULL PRIMARY KEY,
    document   TEXT NOT NULL
) STRICT;

CREATE TABLE rate_feeds (
    workspace  BLOB NOT NULL PRIMARY KEY,
    document   TEXT NOT NULL
) STRICT;
