//! Row-level security, as `deploy/postgres/row-security.sql` sets it up: a statement that forgets whose rows it wants gets no others.

use crate::schema::{Schema, raw};
use adapter_postgres::{Maintenance as _, PostgresDatabase, within_workspace};
use domain::ids::WorkspaceId;
use ports::Kind;
use sql_kit::{Backend as _, Cells, Session as _, Sql, Writer as _};
use sqlx::{AssertSqlSafe, Connection as _};
use uuid::Uuid;

const SCRIPT: &str = include_str!("../../../../../deploy/postgres/row-security.sql");
const ALL: &str = "SELECT workspace FROM tombstones";

fn workspace(n: u128) -> WorkspaceId {
    WorkspaceId(Uuid::from_u128(n))
}

/// A row of each of two workspaces, policies, and the product under the role that does not own the tables.
async fn set_up(schema: &Schema) -> PostgresDatabase {
    drop(schema.migrated().await);
    let mut connection = raw(&schema.url).await;
    // Tests beside this one make the same role and grant to it: roles are the server's, not the database's.
    let locked = format!("BEGIN; SELECT pg_advisory_xact_lock(4711); {SCRIPT} COMMIT");
    // Twice: an upgrade runs it again.
    for _ in 0..2 {
        sqlx::raw_sql(AssertSqlSafe(locked.clone()))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    for n in [1, 2] {
        sqlx::query("INSERT INTO tombstones VALUES ($1, $1, 'order', 7, 0)")
            .bind(workspace(n).0)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    connection.close().await.unwrap();
    let mut url: url::Url = schema.url.parse().unwrap();
    url.set_username("royal_app").unwrap();
    PostgresDatabase::open(url.as_str()).await.unwrap()
}

async fn seen(database: &PostgresDatabase) -> Vec<Uuid> {
    let mut session = database.backend().read("test").await.unwrap();
    let rows = session.rows(Sql::new(ALL)).await.unwrap();
    let mut seen: Vec<_> = rows.iter().map(|r| Cells::of(r).id().unwrap()).collect();
    seen.sort();
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_where_shows_and_takes_nothing_of_another_workspace() {
    let schema = Schema::create().await;
    let database = set_up(&schema).await;
    let (one, other) = (workspace(1), workspace(2));
    assert_eq!(within_workspace(one, seen(&database)).await, [one.0]);
    assert_eq!(within_workspace(other, seen(&database)).await, [other.0]);
    // Who works for all of them sees all of them.
    assert_eq!(seen(&database).await, [one.0, other.0]);
    // The owner is held to nothing: without the role nothing is held.
    assert_eq!(
        within_workspace(one, seen(&schema.open().await)).await,
        [one.0, other.0]
    );

    let touched = within_workspace(one, async {
        let mut tx = database.backend().write("test").await.unwrap();
        let updated = tx
            .run(Sql::new("UPDATE tombstones SET deleted_at = 1"))
            .await;
        let deleted = tx.run(Sql::new("DELETE FROM tombstones")).await;
        tx.commit().await.unwrap();
        (updated.unwrap(), deleted.unwrap())
    });
    assert_eq!(touched.await, (1, 1));
    assert_eq!(seen(&database).await, [other.0]);
    let smuggled = within_workspace(one, async {
        let mut tx = database.backend().write("test").await.unwrap();
        let sql = "INSERT INTO tombstones VALUES ($1, $1, 'order', 8, 0)";
        tx.run(Sql::new(sql).bind(other)).await
    });
    let refused = smuggled.await.unwrap_err();
    assert!(
        format!("{:?}", refused.source).contains("row-level security"),
        "{refused:?}"
    );
}

/// Tables whose rows are a workspace's by another row: the column and the table that it names.
const BY_OTHERS: [(&str, &str, &str); 16] = [
    ("checkpoints", "connection", "connections"),
    ("inbox", "connection", "connections"),
    ("import_problems", "import_id", "imports"),
    ("notice_reads", "notice", "notices"),
    ("delivery_notices", "delivery", "deliveries"),
    ("assistant_cancels", "session", "assistant_sessions"),
    ("assistant_frames", "session", "assistant_sessions"),
    ("assistant_messages", "session", "assistant_sessions"),
    ("assistant_wishes", "session", "assistant_sessions"),
    ("identities", "user_id", "users"),
    ("passkey_ceremonies", "user_id", "users"),
    ("passkeys", "user_id", "users"),
    ("pending_sign_ins", "user_id", "users"),
    ("recovery_codes", "user_id", "users"),
    ("second_factors", "user_id", "users"),
    ("sessions", "user_id", "users"),
];

/// A statement that puts a row in, with these ids and something in each other column that must not be empty.
async fn row(
    connection: &mut sqlx::PgConnection,
    table: &str,
    ids: &[(&str, WorkspaceId)],
    n: u8,
) -> String {
    let needed: Vec<(String, String)> = sqlx::query_as(
        "SELECT column_name::text, data_type::text FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = $1 AND is_nullable = 'NO' \
         AND column_default IS NULL AND is_identity = 'NO'",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap();
    let mut values: std::collections::BTreeMap<&str, String> = needed
        .iter()
        .map(|(name, kind)| {
            let value = match kind.as_str() {
                "uuid" => format!("'{}'", Uuid::from_u128(n.into())),
                "bytea" => format!("'\\x{n:02x}'"),
                "text" => format!("'x{n}'"),
                _ => n.to_string(),
            };
            (name.as_str(), value)
        })
        .collect();
    values.extend(ids.iter().map(|(name, id)| (*name, format!("'{id}'"))));
    let columns: Vec<_> = values.keys().map(|name| format!("\"{name}\"")).collect();
    let values: Vec<_> = values.into_values().collect();
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        columns.join(", "),
        values.join(", ")
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_where_shows_and_takes_nothing_that_belongs_to_a_row_of_another_workspace() {
    let schema = Schema::create().await;
    let database = set_up(&schema).await;
    let mut owner = raw(&schema.url).await;
    for (n, own) in [(1, workspace(1)), (2, workspace(2))] {
        let parents: std::collections::BTreeSet<_> = BY_OTHERS.iter().map(|(_, _, p)| *p).collect();
        let sql = row(&mut owner, "workspaces", &[("id", own)], n).await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut owner).await;
        done.unwrap();
        // The id of each is its workspace's.
        for parent in parents {
            let sql = row(&mut owner, parent, &[("id", own), ("workspace", own)], n).await;
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut owner).await;
            done.unwrap_or_else(|e| panic!("{parent}: {e}"));
        }
        for (table, column, _) in BY_OTHERS {
            let sql = row(&mut owner, table, &[(column, own)], n).await;
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut owner).await;
            done.unwrap_or_else(|e| panic!("{table}: {e}"));
        }
    }
    let count = async |table: &str| {
        let mut session = database.backend().read("test").await.unwrap();
        let sql = Sql::new(format!("SELECT COUNT(*) FROM {table}"));
        let row = session.one(sql).await.unwrap().unwrap();
        Cells::of(&row).count().unwrap()
    };
    let run = async |sql: String| {
        let mut tx = database.backend().write("test").await.unwrap();
        let done = tx.run(Sql::new(sql)).await?;
        tx.commit().await.map(|()| done)
    };
    let one = workspace(1);
    for (table, column, _) in BY_OTHERS {
        assert_eq!(within_workspace(one, count(table)).await, 1, "{table}");
        assert_eq!(count(table).await, 2, "{table}: who works for all");
        let smuggled = row(&mut owner, table, &[(column, workspace(2))], 3).await;
        let refused = within_workspace(one, run(smuggled)).await.unwrap_err();
        let cause = format!("{:?}", refused.source);
        assert!(cause.contains("row-level security"), "{table}: {refused:?}");
        let taken = within_workspace(one, run(format!("DELETE FROM {table}"))).await;
        assert_eq!(taken.unwrap(), 1, "{table}");
        assert_eq!(count(table).await, 1, "{table}: the other's is there");
    }
    owner.close().await.unwrap();
}

/// Connections are used again by whoever comes next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_inherits_whose_work_was_done_before() {
    let schema = Schema::create().await;
    let database = std::sync::Arc::new(set_up(&schema).await);
    let mut tasks = Vec::new();
    for n in 0..60_u128 {
        let database = std::sync::Arc::clone(&database);
        tasks.push(tokio::spawn(async move {
            for round in 0..5 {
                let turn = (n + round) % 3;
                if turn == 0 {
                    assert_eq!(seen(&database).await.len(), 2);
                } else {
                    let own = workspace(turn);
                    assert_eq!(within_workspace(own, seen(&database)).await, [own.0]);
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

/// A new table has a policy, or stands in the head of the script with what it belongs to.
#[tokio::test]
async fn the_script_names_each_table_without_a_policy() {
    let schema = Schema::create().await;
    drop(set_up(&schema).await);
    let mut connection = raw(&schema.url).await;
    let without: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity \
             AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let lists = SCRIPT.lines().filter_map(|line| line.strip_prefix("--   "));
    let lists = lists.filter(|line| !line.starts_with("psql"));
    let mut named: Vec<&str> = lists
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(_, tables)| tables.split(", "))
        .collect();
    named.sort_unstable();
    let mut without: Vec<&str> = without.iter().map(String::as_str).collect();
    without.sort_unstable();
    assert_eq!(named, without);
}

#[tokio::test]
async fn every_table_of_a_workspace_has_its_policy() {
    let schema = Schema::create().await;
    let database = set_up(&schema).await;
    let mut connection = raw(&schema.url).await;
    let without: Vec<String> = sqlx::query_scalar(
        "SELECT c.table_name::text FROM information_schema.columns c \
         WHERE c.table_schema = current_schema() AND c.column_name = 'workspace' AND NOT EXISTS ( \
             SELECT FROM pg_policies p JOIN pg_class t ON t.oid = format('%I.%I', p.schemaname, p.tablename)::regclass \
             WHERE p.schemaname = current_schema() AND p.tablename = c.table_name AND t.relrowsecurity) \
         ORDER BY 1",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(without, ["secrets", "users"]);
    // It looks whether the schema is its own release's, and may not change it.
    assert_eq!(database.migrate().await.unwrap(), []);
    sqlx::query(
        "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let refused = database.migrate().await.unwrap_err();
    assert_eq!(refused.kind, Kind::Configuration);
    assert!(refused.detail.contains("as their owner"), "{refused}");
}
