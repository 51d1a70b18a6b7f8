//! A change whose entry cannot be stored is not made: one transaction has both.

use crate::open;
use ports::inputs::{InputStore as _, OnMismatch};
use ports::passkeys::Passkeys as _;
use ports::rates::{MoneySettings, RateStore as _};
use ports::runs::RunStore;
use ports::syncs::SyncStore;
use sqlx::{Connection as _, SqliteConnection};
use testkit::builders::{agent_run, audit_entry, connection, scope, sync_run, user};

#[tokio::test]
async fn without_its_entry_no_change_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    let database = open(&path).await;
    let url = format!("sqlite://{}", path.display());
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END";
    sqlx::query(full).execute(&mut raw).await.unwrap();

    let here = scope(1, 1);
    let entry = audit_entry(here.workspace, "thing.change");
    let told = Some(&entry);
    let shop = connection(1, 1);
    let sync = sync_run(&shop, 1);
    let syncs: &dyn SyncStore = &database;
    syncs.create(&sync, told).await.unwrap_err();
    assert_eq!(syncs.find(here.workspace, sync.id).await.unwrap(), None);
    let run = agent_run(here, "pricing", 1);
    let runs: &dyn RunStore = &database;
    runs.create(&run, told).await.unwrap_err();
    assert_eq!(runs.find(here.workspace, run.id).await.unwrap(), None);
    let settings = MoneySettings {
        max_age_days: 1,
        ..MoneySettings::default()
    };
    let set = database.set_money_settings(here.workspace, &settings, &entry);
    set.await.unwrap_err();
    let kept = database.money_settings(here.workspace).await.unwrap();
    assert_eq!(kept, MoneySettings::default());
    let applied = database.apply(here, &[], OnMismatch::Refuse, None, told);
    applied.await.unwrap_err();
    assert_eq!(database.revision(here).await.unwrap(), 0);
    let passkey = domain::passkey::Passkey {
        id: domain::ids::PasskeyId(user(8, 1).id.0),
        user: user(1, 1).id,
        name: "Laptop".to_owned(),
        credential: vec![1],
        key: vec![2],
        state: vec![3],
        created_at: entry.at,
        last_used_at: None,
    };
    database.add_passkey(&passkey, &entry).await.unwrap_err();
    assert_eq!(database.passkey(&[1]).await.unwrap(), None);

    sqlx::query("DROP TRIGGER full")
        .execute(&mut raw)
        .await
        .unwrap();
    database.add_passkey(&passkey, &entry).await.unwrap();
    assert!(database.passkey(&[1]).await.unwrap().is_some());
}
