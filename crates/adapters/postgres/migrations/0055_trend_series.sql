-- How much is looked for something, week by week, as files told it. A newer file of the same term replaces the series.

CREATE TABLE trend_series (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    id         UUID   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, id)
);
