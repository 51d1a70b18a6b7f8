-- Row-level security by workspace, for a product that runs under a role that does not own its tables. To be run as the owner of the
-- tables after `royal migrate`, and again after each upgrade, since a new table has no policy before:
--   psql "$DATABASE_URL" --file deploy/postgres/row-security.sql
--   psql "$DATABASE_URL" --command '\password royal_app'
-- From then on `royal serve` connects as royal_app, and the owner only migrates and backs up. A session that answers a request says
-- whose it is (royal.workspace) and sees no other workspace's row of a table with a policy, whatever a statement forgets; one that
-- works for all workspaces says nothing.
--
-- A policy is on each table with a column `workspace`, but for two. In the tables without one only the statements themselves hold
-- workspaces apart:
--   with the column: secrets, users
--   of a connection: checkpoints, inbox
--   of an import: import_problems
--   of notices: delivery_notices, notice_reads
--   of talks with the assistant: assistant_cancels, assistant_frames, assistant_messages, assistant_wishes
--   of people: identities, passkey_ceremonies, passkeys, pending_sign_ins, recovery_codes, second_factors, sessions
--   the workspaces themselves: workspaces
--   of the installation: _sqlx_migrations, canaries, event_head, key_uses, settings, sign_in_journeys, workspace_deletions

DO $$ BEGIN
    CREATE ROLE royal_app LOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
DECLARE
    name text;
    -- As a subquery it is asked once a statement, not once a row.
    said text := '(SELECT NULLIF(current_setting(''royal.workspace'', true), '''')::uuid)';
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO royal_app', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO royal_app', current_schema());
    EXECUTE 'REVOKE INSERT, UPDATE, DELETE ON _sqlx_migrations FROM royal_app';
    FOR name IN
        SELECT c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace' AND NOT a.attisdropped
        WHERE n.nspname = current_schema() AND c.relkind = 'r'
          -- Addresses are unique over all workspaces, and a key is changed for the secrets of all of them.
          AND c.relname NOT IN ('users', 'secrets')
        ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP POLICY IF EXISTS of_workspace ON %I', name);
        EXECUTE format(
            'CREATE POLICY of_workspace ON %I USING (%s IS NULL OR workspace IS NULL OR workspace = %s)',
            name, said, said
        );
    END LOOP;
END $$;
