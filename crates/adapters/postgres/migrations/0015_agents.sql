-- Agents: their runs with what they log and decide on, how they are set, when they are due, and what they are told.

CREATE TABLE agent_runs (
    id            UUID   NOT NULL PRIMARY KEY,
    workspace     UUID   NOT NULL,
    store         UUID   NOT NULL,
    agent         TEXT   NOT NULL,
    -- decide, rehearse
    kind          TEXT   NOT NULL,
    status        TEXT   NOT NULL,
    -- 1: no other run of the agent, store and kind may be created. Who is asked to stop holds as before.
    holds         BIGINT NOT NULL DEFAULT 1,
    -- Larger ones first.
    priority      BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    -- Not taken up before.
    run_at        BIGINT NOT NULL,
    started_at    BIGINT,
    finished_at   BIGINT,
    document      TEXT   NOT NULL,
    -- Grows with each claim; who holds a smaller one writes nothing any more.
    fence         BIGINT NOT NULL,
    -- A worker that puts its run down leaves none; one that dies leaves its own.
    leased_until  BIGINT
);

CREATE UNIQUE INDEX agent_runs_holding ON agent_runs (workspace, store, agent, kind) WHERE holds = 1;
CREATE INDEX agent_runs_work ON agent_runs (priority DESC, created_at, id)
    WHERE status IN ('queued', 'running', 'waiting_approval', 'applying', 'cancelling');
CREATE INDEX agent_runs_newest ON agent_runs (workspace, created_at DESC, id);
CREATE INDEX agent_runs_of_agent ON agent_runs (workspace, agent, created_at DESC, id);
CREATE INDEX agent_runs_by_status ON agent_runs (workspace, status, created_at DESC, id);
CREATE INDEX agent_runs_ended ON agent_runs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE agent_run_log (
    run        UUID   NOT NULL,
    no         BIGINT NOT NULL,
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    at         BIGINT NOT NULL,
    -- info, warn, error
    level      TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    PRIMARY KEY (run, no)
);

CREATE INDEX agent_run_log_of_store ON agent_run_log (workspace, store);

-- What a run decided on, so that it can be replayed.
CREATE TABLE agent_run_facts (
    run        UUID   NOT NULL PRIMARY KEY,
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    facts      TEXT   NOT NULL
);

CREATE INDEX agent_run_facts_of_store ON agent_run_facts (workspace, store);

-- Every version: a run names the one that it used.
CREATE TABLE agent_configs (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    agent      TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    document   TEXT   NOT NULL,
    PRIMARY KEY (workspace, store, agent, version)
);

-- The instants for which schedules start their agents next; empty: there is none.
CREATE TABLE agent_schedules (
    workspace  UUID   NOT NULL,
    store      UUID   NOT NULL,
    agent      TEXT   NOT NULL,
    next_at    BIGINT,
    PRIMARY KEY (workspace, store, agent)
);

CREATE TABLE incoming_events (
    workspace    UUID   NOT NULL,
    id           TEXT   NOT NULL,
    event_type   TEXT   NOT NULL,
    data         TEXT   NOT NULL,
    -- As told.
    happened_at  BIGINT NOT NULL,
    accepted_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
