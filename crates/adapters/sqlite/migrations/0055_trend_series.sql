-- How much is looked for something, week by week, as files told it. A newer file of the same term replaces the series.

CREATE TABLE trend_series (
    workspace  BLOB   NOT NULL,
    store      BLOB   NOT NULL,
    id         BLOB   NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, id)
) STRICT, WITHOUT ROWID;
