-- Forecasts: what was told, what came of it, the work of a night; and what it rests on, the stock of each day.

CREATE TABLE forecast_runs (
    id            UUID    NOT NULL PRIMARY KEY,
    workspace     UUID    NOT NULL,
    store         UUID    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    document      TEXT    NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         BIGINT  NOT NULL,
    leased_until  BIGINT
);

-- At most one open run of a store.
CREATE UNIQUE INDEX forecast_runs_open ON forecast_runs (workspace, store)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX forecast_runs_newest ON forecast_runs (workspace, created_at);

-- The newest of each variant, product and store.
CREATE TABLE forecasts (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    -- variant, product or store
    level      TEXT   NOT NULL,
    -- The provider's; 0 for the store.
    number     BIGINT NOT NULL,
    -- The first day that it tells.
    first_day  TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, level, number)
);

-- Each that was made of late, to be held against what follows.
CREATE TABLE forecast_nights (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    level      TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    first_day  TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, level, number, first_day)
);
CREATE INDEX forecast_nights_of_day ON forecast_nights (workspace, store, first_day);

-- What each day said about the forecasts of the nights before it.
CREATE TABLE forecast_scores (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    day        TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, day)
);

-- Stock at the end of a day, where it was another than before.
CREATE TABLE stock_marks (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    item       BIGINT NOT NULL,
    location   BIGINT NOT NULL,
    day        TEXT   NOT NULL,
    on_hand    BIGINT,
    available  BIGINT,
    PRIMARY KEY (workspace, store, item, location, day)
);

-- Days on which somebody looked; of others nothing is known.
CREATE TABLE stock_looks (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    day        TEXT   NOT NULL,
    looked_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, store, day)
);

-- Lead times, service levels and limits of orders of goods. Earlier versions are in the audit.
CREATE TABLE inventory_settings (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    version    BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store)
);
