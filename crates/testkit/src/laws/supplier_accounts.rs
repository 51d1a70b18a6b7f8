//! Laws of [`ports::supplier_accounts`].

use super::tools::connected;
use crate::Stores;
use crate::builders::{at, audit_entry, connection, scope, supplier_account, supplier_sync_run};
use chrono::Duration;
use domain::ids::StoreScope;
use domain::supplier::{Platform, SupplierAccount};
use domain::sync::SyncStatus;
use ports::{Kind, PageRequest};

const CJ: Platform = Platform::Cjdropshipping;

async fn account(
    stores: &Stores,
    scope: StoreScope,
    number: u32,
    platform: Platform,
) -> SupplierAccount {
    let account = supplier_account(scope, number, platform);
    let entry = audit_entry(scope.workspace, "supplier_account.create");
    let accounts = &stores.supplier_accounts;
    let made = accounts.create_supplier_account(&account, &entry).await;
    made.expect("created");
    account
}

pub async fn an_account_is_found_whole_and_only_in_its_workspace(stores: Stores) {
    let (here, beside) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let first = account(&stores, here, 1, CJ).await;
    let second = account(&stores, beside, 2, CJ).await;
    let accounts = &stores.supplier_accounts;
    let found = accounts.supplier_account(here.workspace, first.id).await;
    assert_eq!(found.expect("read"), Some(first.clone()));
    let elsewhere = scope(2, 1).workspace;
    let found = accounts.supplier_account(elsewhere, first.id).await;
    assert_eq!(found.expect("read"), None);
    let listed = accounts.supplier_accounts(here.workspace).await;
    assert_eq!(listed.expect("read"), [first.clone(), second]);
    let again = SupplierAccount {
        id: supplier_account(here, 9, CJ).id,
        ..first
    };
    let entry = audit_entry(here.workspace, "supplier_account.create");
    let refused = accounts.create_supplier_account(&again, &entry).await;
    assert_eq!(refused.expect_err("refused").kind, Kind::Conflict);
}

pub async fn of_two_that_saw_the_same_version_one_writes(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let mut seen = account(&stores, here, 1, CJ).await;
    seen.watch.most_products = 7;
    let accounts = &stores.supplier_accounts;
    let next = accounts.update_supplier_account(&seen, None).await;
    let next = next.expect("written");
    assert_eq!(
        (next.version, next.watch.most_products),
        (seen.version + 1, 7)
    );
    let late = accounts.update_supplier_account(&seen, None).await;
    assert_eq!(late.expect_err("late").kind, Kind::Conflict);
    let nobody = supplier_account(here, 7, CJ);
    let nobody = accounts.update_supplier_account(&nobody, None).await;
    assert_eq!(nobody.expect_err("gone").kind, Kind::NotFound);
}

pub async fn an_account_goes_with_its_runs_and_with_its_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let ours = account(&stores, here, 1, CJ).await;
    let syncs = &stores.supplier_syncs;
    let run = supplier_sync_run(&ours, 1);
    syncs.create_supplier_sync(&run).await.expect("queued");
    let accounts = &stores.supplier_accounts;
    let entry = audit_entry(here.workspace, "supplier_account.remove");
    let elsewhere = scope(2, 1).workspace;
    for workspace in [elsewhere, here.workspace, here.workspace] {
        let removed = accounts.remove_supplier_account(workspace, ours.id, &entry);
        removed.await.expect("removed");
        let left = accounts.supplier_accounts(here.workspace).await;
        let is_there = workspace == elsewhere;
        assert_eq!(left.expect("read").len(), usize::from(is_there));
    }
    let page = PageRequest::first(5);
    let left = syncs.supplier_syncs(here.workspace, None, &page).await;
    assert_eq!(left.expect("read").items, []);
    account(&stores, here, 3, CJ).await;
    let of = connection(1, 1);
    let purged = stores
        .connections
        .remove(here.workspace, of.id, Some(of.store))
        .await;
    purged.expect("purged");
    let left = accounts.supplier_accounts(here.workspace).await;
    assert_eq!(left.expect("read"), []);
}

pub async fn one_run_of_an_account_is_open_and_one_worker_holds_it(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let ours = account(&stores, here, 1, CJ).await;
    let run = supplier_sync_run(&ours, 1);
    stores
        .supplier_syncs
        .create_supplier_sync(&run)
        .await
        .expect("queued");
    let second = stores
        .supplier_syncs
        .create_supplier_sync(&supplier_sync_run(&ours, 2))
        .await;
    assert_eq!(second.expect_err("open").kind, Kind::Conflict);
    let (now, lease) = (at("2026-03-01T12:00:00Z"), Duration::seconds(30));
    let claim = async |now| {
        stores
            .supplier_syncs
            .claim_supplier_sync(now, lease)
            .await
            .expect("asked")
    };
    let first = claim(now).await.expect("claimed");
    assert_eq!(first.run.status, SyncStatus::Running);
    assert_eq!(claim(now).await, None);
    // Whoever died loses it, and writes nothing any more.
    let mut taken = claim(now + Duration::seconds(31)).await.expect("claimed");
    assert_eq!(taken.run.resumed, 1);
    let lost = stores
        .supplier_syncs
        .advance_supplier_sync(&first, now, lease)
        .await;
    assert_eq!(lost.expect_err("lost").kind, Kind::Conflict);
    let asked = stores
        .supplier_syncs
        .cancel_supplier_sync(here.workspace, run.id, now)
        .await;
    assert_eq!(asked.expect("asked").status, SyncStatus::Cancelling);
    taken.run.changes = 5;
    let seen = stores
        .supplier_syncs
        .advance_supplier_sync(&taken, now, lease)
        .await
        .expect("saved");
    assert_eq!((seen.status, seen.changes), (SyncStatus::Cancelling, 5));
    taken.run.status = SyncStatus::Cancelled;
    stores
        .supplier_syncs
        .advance_supplier_sync(&taken, now, lease)
        .await
        .expect("ended");
    let again = stores
        .supplier_syncs
        .cancel_supplier_sync(here.workspace, run.id, now)
        .await;
    assert_eq!(again.expect_err("ended").kind, Kind::Conflict);
    stores
        .supplier_syncs
        .create_supplier_sync(&supplier_sync_run(&ours, 2))
        .await
        .expect("queued");
}

#[macro_export]
macro_rules! supplier_account_laws {
    ($make:ident) => {
        $crate::laws!(
            supplier_accounts,
            $make,
            [
                an_account_is_found_whole_and_only_in_its_workspace,
                of_two_that_saw_the_same_version_one_writes,
                an_account_goes_with_its_runs_and_with_its_store,
                one_run_of_an_account_is_open_and_one_worker_holds_it,
            ]
        );
    };
}
