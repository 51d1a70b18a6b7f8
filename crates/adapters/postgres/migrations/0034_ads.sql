-- Advertisements: accounts at platforms, what runs in them, their days, and the runs that read them.

CREATE TABLE ad_accounts (
    id           UUID    NOT NULL PRIMARY KEY,
    workspace    UUID    NOT NULL,
    store        UUID    NOT NULL,
    platform     TEXT    NOT NULL,
    -- As the platform counts.
    external_id  TEXT    NOT NULL,
    created_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    document     TEXT    NOT NULL
);
CREATE UNIQUE INDEX ad_accounts_external ON ad_accounts (workspace, platform, external_id);

-- Campaigns, ad sets, ads.
CREATE TABLE ad_entities (
    workspace  UUID NOT NULL,
    store      UUID NOT NULL,
    account    UUID NOT NULL,
    level      TEXT NOT NULL,
    -- The platform's.
    number     TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (workspace, store, account, level, number)
);

-- By day first: what is read again are the newest days, and reports ask for days.
CREATE TABLE ad_days (
    workspace    UUID    NOT NULL,
    store        UUID    NOT NULL,
    account      UUID    NOT NULL,
    level        TEXT    NOT NULL,
    -- In the account's zone.
    day          TEXT    NOT NULL,
    number       TEXT    NOT NULL,
    -- Millionths of the account's main unit.
    spend        BIGINT NOT NULL,
    impressions  BIGINT NOT NULL,
    clicks       BIGINT NOT NULL,
    reach        BIGINT,
    -- Every conversion as it was told; nothing when there is none.
    conversions  TEXT,
    attribution  TEXT,
    PRIMARY KEY (workspace, store, account, level, day, number)
);

CREATE TABLE ad_sync_runs (
    id            UUID    NOT NULL PRIMARY KEY,
    workspace     UUID    NOT NULL,
    store         UUID    NOT NULL,
    account       UUID    NOT NULL,
    status        TEXT    NOT NULL,
    created_at    BIGINT NOT NULL,
    document      TEXT    NOT NULL,
    fence         BIGINT NOT NULL,
    leased_until  BIGINT
);
-- At most one open run of an account.
CREATE UNIQUE INDEX ad_sync_runs_open ON ad_sync_runs (account)
    WHERE status IN ('queued', 'running', 'cancelling');
CREATE INDEX ad_sync_runs_newest ON ad_sync_runs (workspace, created_at);

-- Of ad spend: its channel, and the account that told it. On a day that an account tells, what people told of the same channel
-- is left out.
ALTER TABLE ledger_inputs ADD COLUMN channel TEXT;
ALTER TABLE ledger_inputs ADD COLUMN account TEXT;
UPDATE ledger_inputs SET channel = input::json ->> 'channel' WHERE kind = 'ad_spend';
