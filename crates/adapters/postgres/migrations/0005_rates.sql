-- Exchange rates of a workspace, how it wants its money told, and where the published series stands.

CREATE TABLE rates (
    workspace    UUID NOT NULL,
    quote        TEXT COLLATE "C" NOT NULL,
    day          TEXT COLLATE "C" NOT NULL,
    base         TEXT COLLATE "C" NOT NULL,
    -- entered, imported, feed.
    source       TEXT COLLATE "C" NOT NULL,
    -- Units of quote for one of base, as a decimal.
    value        TEXT NOT NULL,
    -- Who or what told it.
    origin       TEXT NOT NULL,
    import_id    UUID,
    observed_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, quote, day, base, source)
);

CREATE INDEX rates_by_day ON rates (workspace, day);
CREATE INDEX rates_of_import ON rates (workspace, import_id) WHERE import_id IS NOT NULL;

CREATE TABLE money_settings (
    workspace  UUID NOT NULL PRIMARY KEY,
    document   TEXT NOT NULL
);

CREATE TABLE rate_feeds (
    workspace  UUID NOT NULL PRIMARY KEY,
    document   TEXT NOT NULL
);
