//! Laws of [`ports::ads::AdStore`] and [`ports::ads::AdSyncs`].

use super::tools::connected;
use crate::Stores;
use crate::builders::{ad_account, ad_sync_run, at, audit_entry, connection, day, insight, scope};
use chrono::Duration;
use domain::ads::{AdAccount, AdEntity, AdLevel, AdStatus, InsightDay, StoredEntity};
use domain::calendar::DayRange;
use domain::ids::StoreScope;
use domain::sync::SyncStatus;
use ports::{Kind, PageRequest};

async fn account(stores: &Stores, scope: StoreScope, number: u32) -> AdAccount {
    let account = ad_account(scope, number);
    let entry = audit_entry(scope.workspace, "ad_account.create");
    let made = stores.ads.create_ad_account(&account, &entry).await;
    made.expect("created");
    account
}

fn range(from: &str, to: &str) -> DayRange {
    DayRange::new(day(from), day(to)).expect("a range")
}

fn all() -> DayRange {
    range("2026-01-01", "2026-12-31")
}

async fn rows(stores: &Stores, of: &AdAccount, level: AdLevel) -> Vec<InsightDay> {
    let rows = stores
        .ads
        .ad_days(of.scope, of.id, level, None, all())
        .await;
    rows.expect("read")
}

pub async fn an_account_is_found_whole_and_only_in_its_workspace(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let first = account(&stores, here, 1).await;
    let second = account(&stores, here, 2).await;
    let found = stores.ads.ad_account(here.workspace, first.id).await;
    assert_eq!(found.expect("read"), Some(first.clone()));
    let elsewhere = stores.ads.ad_account(scope(2, 1).workspace, first.id).await;
    assert_eq!(elsewhere.expect("read"), None);
    let listed = stores.ads.ad_accounts(here.workspace).await.expect("read");
    assert_eq!(listed, [first.clone(), second]);
    // The same number at the same platform is the same account.
    let again = AdAccount {
        id: ad_account(here, 9).id,
        ..first
    };
    let entry = audit_entry(here.workspace, "ad_account.create");
    let refused = stores.ads.create_ad_account(&again, &entry).await;
    assert_eq!(refused.expect_err("refused").kind, Kind::Conflict);
}

pub async fn of_two_that_saw_the_same_version_one_writes(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let mut seen = account(&stores, here, 1).await;
    seen.name = "Renamed".to_owned();
    let next = stores.ads.update_ad_account(&seen).await.expect("written");
    assert_eq!(
        (next.version, next.name.as_str()),
        (seen.version + 1, "Renamed")
    );
    let late = stores.ads.update_ad_account(&seen).await;
    assert_eq!(late.expect_err("late").kind, Kind::Conflict);
    let nobody = stores.ads.update_ad_account(&ad_account(here, 7)).await;
    assert_eq!(nobody.expect_err("gone").kind, Kind::NotFound);
}

pub async fn days_become_what_is_told_and_no_more(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let (ours, beside) = (
        account(&stores, here, 1).await,
        account(&stores, here, 2).await,
    );
    let replace = async |of: &AdAccount, level, days, told: &[InsightDay]| {
        let kept = stores
            .ads
            .replace_ad_days(here, of.id, level, days, told)
            .await;
        let kept = kept.expect("written");
        (kept.written, kept.removed)
    };
    let campaign = AdLevel::Campaign;
    let told = [
        insight(campaign, "2", "2026-03-01", 500),
        insight(campaign, "1", "2026-03-01", 700),
        insight(campaign, "1", "2026-03-02", 900),
        insight(campaign, "1", "2026-03-03", 300),
    ];
    let march = range("2026-03-01", "2026-03-31");
    assert_eq!(replace(&ours, campaign, march, &told).await, (4, 0));
    assert_eq!(replace(&beside, campaign, march, &told[..1]).await, (1, 0));
    let set = [insight(AdLevel::AdSet, "11", "2026-03-01", 500)];
    assert_eq!(replace(&ours, AdLevel::AdSet, march, &set).await, (1, 0));
    // The same again writes nothing.
    assert_eq!(replace(&ours, campaign, march, &told).await, (0, 0));
    // One is different, one is gone; a day outside of the range stays.
    let later = [insight(campaign, "1", "2026-03-02", 950)];
    let part = range("2026-03-01", "2026-03-02");
    assert_eq!(replace(&ours, campaign, part, &later).await, (1, 2));
    let left = [later[0].clone(), told[3].clone()];
    assert_eq!(rows(&stores, &ours, campaign).await, left);
    assert_eq!(rows(&stores, &beside, campaign).await, told[..1]);
    assert_eq!(rows(&stores, &ours, AdLevel::AdSet).await, set);
}

pub async fn sums_and_spend_are_those_of_the_days(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let ours = account(&stores, here, 1).await;
    let campaign = AdLevel::Campaign;
    let told = [
        insight(campaign, "1", "2026-03-01", 700),
        insight(campaign, "1", "2026-03-02", 900),
        insight(campaign, "2", "2026-03-02", 50),
        insight(campaign, "1", "2026-04-01", 1),
    ];
    let days = range("2026-03-01", "2026-04-30");
    let kept = stores
        .ads
        .replace_ad_days(here, ours.id, campaign, days, &told);
    kept.await.expect("written");
    let set = [insight(AdLevel::AdSet, "11", "2026-03-01", 9_999)];
    let kept = stores
        .ads
        .replace_ad_days(here, ours.id, AdLevel::AdSet, days, &set);
    kept.await.expect("written");
    let march = range("2026-03-01", "2026-03-31");
    let spend = stores.ads.ad_spend(here, ours.id, march).await;
    let expected = [(day("2026-03-01"), 700), (day("2026-03-02"), 950)];
    assert_eq!(spend.expect("read"), expected);
    let sums = async |kind| {
        let sums = stores
            .ads
            .ad_sums(here, ours.id, campaign, march, kind)
            .await;
        sums.expect("read")
    };
    let by_purchase = sums(Some("omni_purchase")).await;
    let ids: Vec<_> = by_purchase.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(by_purchase[0].sums.spend, 1_600);
    assert_eq!(by_purchase[0].sums.purchases, 2_000_000);
    assert_eq!(by_purchase[0].last_day, day("2026-03-02"));
    // Another kind tells the same sales: they are never added up.
    assert_eq!(sums(Some("purchase")).await[0].sums.purchases, 2_000_000);
    assert_eq!(sums(None).await[0].sums.purchases, 0);
    let one = stores
        .ads
        .ad_days(here, ours.id, campaign, Some("2"), march)
        .await;
    assert_eq!(one.expect("read"), [told[2].clone()]);
}

pub async fn what_runs_is_kept_by_level_and_number(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let ours = account(&stores, here, 1).await;
    let entity = |level, id: &str, name: &str| {
        let told = AdEntity {
            level,
            id: id.to_owned(),
            parent: None,
            name: name.to_owned(),
            status: AdStatus::Active,
            delivery: None,
            objective: None,
            budget: None,
            created_at: None,
        };
        StoredEntity::new(told, at("2026-03-01T00:00:00Z"))
    };
    let (first, set) = (
        entity(AdLevel::Campaign, "1", "One"),
        entity(AdLevel::AdSet, "1", "Set"),
    );
    let second = entity(AdLevel::Campaign, "2", "Two");
    let save = async |entities: &[StoredEntity]| {
        let saved = stores.ads.save_ad_entities(here, ours.id, entities).await;
        saved.expect("saved");
    };
    save(&[second.clone(), first.clone(), set.clone()]).await;
    let renamed = entity(AdLevel::Campaign, "1", "Renamed");
    save(std::slice::from_ref(&renamed)).await;
    let read = async |scope, level| {
        let found = stores.ads.ad_entities(scope, ours.id, level).await;
        found.expect("read")
    };
    assert_eq!(read(here, AdLevel::Campaign).await, [renamed, second]);
    assert_eq!(read(here, AdLevel::AdSet).await, [set]);
    assert_eq!(read(scope(1, 2), AdLevel::Campaign).await, []);
}

pub async fn an_account_goes_with_all_that_is_kept_of_it(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let (ours, beside) = (
        account(&stores, here, 1).await,
        account(&stores, here, 2).await,
    );
    let told = [insight(AdLevel::Campaign, "1", "2026-03-01", 700)];
    for of in [&ours, &beside] {
        let kept = stores
            .ads
            .replace_ad_days(here, of.id, AdLevel::Campaign, all(), &told);
        kept.await.expect("written");
        let run = ad_sync_run(of, 1);
        stores.ad_syncs.create_ad_sync(&run).await.expect("queued");
    }
    let entry = audit_entry(here.workspace, "ad_account.remove");
    let removed = stores
        .ads
        .remove_ad_account(here.workspace, ours.id, &entry);
    removed.await.expect("removed");
    assert_eq!(rows(&stores, &ours, AdLevel::Campaign).await, []);
    assert_eq!(rows(&stores, &beside, AdLevel::Campaign).await, told);
    let page = PageRequest::first(10);
    let runs = stores.ad_syncs.ad_syncs(here.workspace, None, &page).await;
    let runs: Vec<_> = runs
        .expect("a page")
        .items
        .iter()
        .map(|r| r.account)
        .collect();
    assert_eq!(runs, [beside.id]);
    // A store that is purged takes the rest.
    let of = connection(1, 1);
    let purged = stores
        .connections
        .remove(here.workspace, of.id, Some(of.store));
    purged.await.expect("purged");
    let left = stores.ads.ad_accounts(here.workspace).await;
    assert_eq!(left.expect("read"), []);
    assert_eq!(rows(&stores, &beside, AdLevel::Campaign).await, []);
}

pub async fn one_run_of_an_account_is_open_and_one_worker_holds_it(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let ours = account(&stores, here, 1).await;
    let run = ad_sync_run(&ours, 1);
    stores.ad_syncs.create_ad_sync(&run).await.expect("queued");
    let second = stores.ad_syncs.create_ad_sync(&ad_sync_run(&ours, 2)).await;
    assert_eq!(second.expect_err("open").kind, Kind::Conflict);
    let (now, lease) = (at("2026-03-01T12:00:00Z"), Duration::seconds(30));
    let claim = async |now| {
        stores
            .ad_syncs
            .claim_ad_sync(now, lease)
            .await
            .expect("asked")
    };
    let first = claim(now).await.expect("claimed");
    assert_eq!(first.run.status, SyncStatus::Running);
    assert_eq!(claim(now).await, None);
    // Whoever died loses it, and writes nothing any more.
    let mut taken = claim(now + Duration::seconds(31)).await.expect("claimed");
    assert_eq!(taken.run.resumed, 1);
    let lost = stores.ad_syncs.advance_ad_sync(&first, now, lease).await;
    assert_eq!(lost.expect_err("lost").kind, Kind::Conflict);
    let asked = stores
        .ad_syncs
        .cancel_ad_sync(here.workspace, run.id, now)
        .await;
    assert_eq!(asked.expect("asked").status, SyncStatus::Cancelling);
    taken.run.rows_written = 5;
    let seen = stores
        .ad_syncs
        .advance_ad_sync(&taken, now, lease)
        .await
        .expect("saved");
    assert_eq!(
        (seen.status, seen.rows_written),
        (SyncStatus::Cancelling, 5)
    );
    taken.run.status = SyncStatus::Cancelled;
    stores
        .ad_syncs
        .advance_ad_sync(&taken, now, lease)
        .await
        .expect("ended");
    let again = stores
        .ad_syncs
        .cancel_ad_sync(here.workspace, run.id, now)
        .await;
    assert_eq!(again.expect_err("ended").kind, Kind::Conflict);
    stores
        .ad_syncs
        .create_ad_sync(&ad_sync_run(&ours, 2))
        .await
        .expect("queued");
}

#[macro_export]
macro_rules! ad_laws {
    ($make:ident) => {
        $crate::laws!(
            ads,
            $make,
            [
                an_account_is_found_whole_and_only_in_its_workspace,
                of_two_that_saw_the_same_version_one_writes,
                days_become_what_is_told_and_no_more,
                sums_and_spend_are_those_of_the_days,
                what_runs_is_kept_by_level_and_number,
                an_account_goes_with_all_that_is_kept_of_it,
                one_run_of_an_account_is_open_and_one_worker_holds_it,
            ]
        );
    };
}
