-- Forecasts: what was told, what came of it, the work of a night; and what it rests on, the stock of each day.

CREATE TABLE forecast_runs (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    INTEGER  NOT NULL,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         INTEGER  NOT NULL,
    leased_until  INTEGER
) STRICT;

-- At most one open run of a store.
CREATE UNIQUE INDEX forecast_runs_open ON forecast_runs (workspace, store)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX forecast_runs_newest ON forecast_runs (workspace, created_at);

-- The newest of each variant, product and store.
CREATE TABLE forecasts (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    -- variant, product or store
    level      TEXT   NOT NULL,
    -- The provider's; 0 for the store.
    number     INTEGER NOT NULL,
    -- The first day that it tells.
    first_day  TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, level, number)
) STRICT, WITHOUT ROWID;

-- Each that was made of late, to be held against what follows.
CREATE TABLE forecast_nights (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    level      TEXT   NOT NULL,
    number     INTEGER NOT NULL,
    first_day  TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, level, number, first_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX forecast_nights_of_day ON forecast_nights (workspace, store, first_day);

-- What each day said about the forecasts of the nights before it.
CREATE TABLE forecast_scores (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    day        TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, day)
) STRICT, WITHOUT ROWID;

-- Stock at the end of a day, where it was another than before.
CREATE TABLE stock_marks (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    item       INTEGER NOT NULL,
    location   INTEGER NOT NULL,
    day        TEXT   NOT NULL,
    on_hand    INTEGER,
    available  INTEGER,
    PRIMARY KEY (workspace, store, item, location, day)
) STRICT, WITHOUT ROWID;

-- Days on which somebody looked; of others nothing is known.
CREATE TABLE stock_looks (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    day        TEXT   NOT NULL,
    looked_at  INTEGER NOT NULL,
    PRIMARY KEY (workspace, store, day)
) STRICT, WITHOUT ROWID;

-- Lead times, service levels and limits of orders of goods. Earlier versions are in the audit.
CREATE TABLE inventory_settings (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    version    INTEGER NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store)
) STRICT, WITHOUT ROWID;
