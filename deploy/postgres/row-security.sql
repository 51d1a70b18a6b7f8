-- Row-level security by workspace, for a product that runs under a role that does not own its tables. To be run as the owner of the
-- tables after `royal migrate`, and again after each upgrade, since a new table has no policy before:
--   psql "$DATABASE_URL" --file deploy/postgres/row-security.sql
--   psql "$DATABASE_URL" --command '\password royal_app'
-- From then on `royal serve` connects as royal_app, and the owner only migrates and backs up. A session that answers a request says
-- whose it is (royal.workspace) and sees no other workspace's row of a table with a policy, whatever a statement forgets; one that
-- works for all workspaces says nothing.
--
-- A policy is on each table with a column `workspace`, and on each that belongs to a row of such a table: messages to their connection,
-- sessions to their person. In the others only the statements themselves hold workspaces apart:
--   with the column: secrets, users
--   the workspaces themselves: workspaces
--   of the installation: _sqlx_migrations, canaries, event_head, key_uses, settings, sign_in_journeys, workspace_deletions
-- Why not these: a key is changed for the secrets of all workspaces, an address belongs to one person in all of them, and the first
-- workspace is the one that circuits and settings of the installation belong to.

DO $$ BEGIN
    CREATE ROLE royal_app LOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
DECLARE
    name text;
    part text;
    parent text;
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
    -- Table, its column, and the table with the column `workspace` that it names the id of.
    FOR name, part, parent IN VALUES
        ('checkpoints', 'connection', 'connections'), ('inbox', 'connection', 'connections'),
        ('import_problems', 'import_id', 'imports'),
        ('notice_reads', 'notice', 'notices'), ('delivery_notices', 'delivery', 'deliveries'),
        ('assistant_cancels', 'session', 'assistant_sessions'), ('assistant_frames', 'session', 'assistant_sessions'),
        ('assistant_messages', 'session', 'assistant_sessions'), ('assistant_wishes', 'session', 'assistant_sessions'),
        ('identities', 'user_id', 'users'), ('passkey_ceremonies', 'user_id', 'users'), ('passkeys', 'user_id', 'users'),
        ('pending_sign_ins', 'user_id', 'users'), ('recovery_codes', 'user_id', 'users'),
        ('second_factors', 'user_id', 'users'), ('sessions', 'user_id', 'users')
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP POLICY IF EXISTS of_workspace ON %I', name);
        -- Of a sign-in that has begun nobody knows yet whose it is.
        EXECUTE format(
            'CREATE POLICY of_workspace ON %1$I USING (%2$s IS NULL OR %1$I.%3$I IS NULL OR EXISTS ('
            'SELECT FROM %4$I p WHERE p.id = %1$I.%3$I AND p.workspace = %2$s))',
            name, said, part, parent
        );
    END LOOP;
END $$;
