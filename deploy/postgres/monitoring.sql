-- A role that Grafana reads the database with: states and times of work, and sums by day. No names, no addresses, no
-- documents, no credentials. To be run as the owner of the tables after `royal migrate`, and again after an upgrade:
--   MONITORING_PASSWORD=… psql "$DATABASE_URL" --file deploy/postgres/monitoring.sql
\set ON_ERROR_STOP on
\getenv password MONITORING_PASSWORD

SELECT 'CREATE ROLE royal_monitoring'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'royal_monitoring') \gexec

ALTER ROLE royal_monitoring LOGIN CONNECTION LIMIT 10 PASSWORD :'password';
ALTER ROLE royal_monitoring SET default_transaction_read_only = on;
-- A dashboard that is slow is not worth a slow product.
ALTER ROLE royal_monitoring SET statement_timeout = '10s';
GRANT USAGE ON SCHEMA public TO royal_monitoring;

-- Columns, not views: a view would hold fast to its tables when a later version changes them.
GRANT SELECT (status, created_at) ON sync_runs, imports, recost_runs, reconciliation_runs TO royal_monitoring;
GRANT SELECT (status, created_at, expires_at, agent) ON change_sets TO royal_monitoring;
GRANT SELECT (agent, kind, status, created_at, run_at, started_at, finished_at) ON agent_runs TO royal_monitoring;
GRANT SELECT (topic, received_at, state, attempts) ON inbox TO royal_monitoring;
GRANT SELECT (kind) ON stops TO royal_monitoring;
GRANT SELECT (currency, dimension, day, orders, gross_sales, discounts, returns, cost_actual, cost_estimated, cost_missing)
    ON rollups TO royal_monitoring;
