//! Who was forgotten stands in no row of any table.

use crate::schema::{Schema, raw};
use chrono::{DateTime, Utc};
use domain::customer::Customer;
use domain::ids::CustomerId;
use ports::connections::ConnectionStore as _;
use ports::inbox::{Delivery, Inbox as _};
use ports::privacy::PrivacyStore as _;
use ports::store_facts::StoreFacts as _;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use testkit::builders::{connection, scope, store};

async fn rows_with(connection: &mut PgConnection, text: &str) -> Vec<String> {
    let tables =
        sqlx::query("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()")
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let table: String = table.get(0);
        // Bytes are shown in hexadecimal.
        let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
        let sql = format!(
            "SELECT COUNT(*) FROM {table} t WHERE t::text ILIKE '%{text}%' OR t::text LIKE '%{hex}%'"
        );
        let count = sqlx::query(AssertSqlSafe(sql))
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        if count.get::<i64, _>(0) > 0 {
            found.push(table);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_table_names_who_was_forgotten() {
    let schema = Schema::create().await;
    let database = schema.migrated().await;
    let at: DateTime<Utc> = "2026-02-01T00:00:00Z".parse().unwrap();
    let (shop, scope) = (connection(1, 1), scope(1, 1));
    database.save(&shop, &store(1, 1)).await.unwrap();
    let ada = Customer {
        id: CustomerId(1),
        created_at: at,
        updated_at: at,
        orders_count: Some(1),
        country: None,
        display_name: Some("Ada Lovelace".to_owned()),
        email: Some("ada@example.com".to_owned()),
    };
    database
        .save_customers(scope, std::slice::from_ref(&ada), at)
        .await
        .unwrap();
    let delivery = Delivery {
        connection: shop.id,
        topic: "customers/update".to_owned(),
        dedupe_key: "k".to_owned(),
        trace: None,
        delivery_id: None,
        triggered_at: None,
        received_at: at,
        body: b"{\"id\":1,\"email\":\"ada@example.com\"}".to_vec(),
    };
    database.accept(&delivery).await.unwrap();
    let mut eye = raw(&schema.url).await;
    let before = rows_with(&mut eye, "ada@example.com").await;
    assert_eq!(before.len(), 3, "facts, profiles and inbox: {before:?}");

    database
        .forget(scope, &[CustomerId(1)], &[], at)
        .await
        .unwrap();
    for stored in database.bodies(shop.id, 0).await.unwrap() {
        database
            .replace_body(stored.id, b"{\"id\":1}")
            .await
            .unwrap();
    }
    database.wipe_deleted().await.unwrap();
    database.save_customers(scope, &[ada], at).await.unwrap();
    for text in ["ada@example.com", "Ada Lovelace"] {
        assert_eq!(rows_with(&mut eye, text).await, [""; 0]);
    }
}
