-- Advertisements: accounts at platforms, what runs in them, their days, and the runs that read them.

CREATE TABLE ad_accounts (
    id           BLOB    NOT NULL PRIMARY KEY,
    workspace    BLOB    NOT NULL,
    store        BLOB    NOT NULL,
    platform     TEXT    NOT NULL,
    -- As the platform counts.
    external_id  TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    document     TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX ad_accounts_external ON ad_accounts (workspace, platform, external_id);

-- Campaigns, ad sets, ads.
CREATE TABLE ad_entities (
    workspace  BLOB NOT NULL,
    store      BLOB NOT NULL,
    account    BLOB NOT NULL,
    level      TEXT NOT NULL,
    -- The platform's.
    number     TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (workspace, store, account, level, number)
) STRICT, WITHOUT ROWID;

-- By day first: what is read again are the newest days, and reports ask for days.
CREATE TABLE ad_days (
    workspace    BLOB    NOT NULL,
    store        BLOB    NOT NULL,
    account      BLOB    NOT NULL,
    level        TEXT    NOT NULL,
    -- In the account's zone.
    day          TEXT    NOT NULL,
    number       TEXT    NOT NULL,
    -- Millionths of the account's main unit.
    spend        INTEGER NOT NULL,
    impressions  INTEGER NOT NULL,
    clicks       INTEGER NOT NULL,
    reach        INTEGER,
    -- Every conversion as it was told; nothing when there is none.
    conversions  TEXT,
    attribution  TEXT,
    PRIMARY KEY (workspace, store, account, level, day, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE ad_sync_runs (
    id            BLOB    NOT NULL PRIMARY KEY,
    workspace     BLOB    NOT NULL,
    store         BLOB    NOT NULL,
    account       BLOB    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    document      TEXT    NOT NULL,
    fence         INTEGER NOT NULL,
    leased_until  INTEGER
) STRICT;
-- At most one open run of an account.
CREATE UNIQUE INDEX ad_sync_runs_open ON ad_sync_runs (account)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX ad_sync_runs_newest ON ad_sync_runs (workspace, created_at);

-- Of ad spend: its channel, and the account that told it. On a day that an account tells, what people told of the same channel
-- is left out.
ALTER TABLE ledger_inputs ADD COLUMN channel TEXT;
ALTER TABLE ledger_inputs ADD COLUMN account TEXT;
UPDATE ledger_inputs SET channel = json_extract(input, '$.channel') WHERE kind = 'ad_spend';
