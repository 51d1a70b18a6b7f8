//! Laws of [`ports::forecasts`].

use super::syncs::{lease, now};
use super::tools::{connected, one_claims, one_wins, race, refused};
use crate::Stores;
use crate::builders::{connection, day, day_scores, days, forecast, forecast_run, scope};
use domain::forecast::{CategoryId, StoredForecast, Target, TargetLevel};
use domain::ids::{ProductId, StoreScope, VariantId};
use domain::sync::SyncStatus;
use ports::{Kind, PageRequest};

fn variant(number: i64) -> Target {
    Target::Variant(VariantId(number))
}

async fn save(stores: &Stores, scope: StoreScope, made: &[StoredForecast]) {
    let saved = stores.forecasts.save_forecasts(scope, made).await;
    saved.expect("saved");
}

async fn newest(stores: &Stores, scope: StoreScope, level: TargetLevel) -> Vec<StoredForecast> {
    let found = stores.forecasts.newest_forecasts(scope, level).await;
    found.expect("answered")
}

pub async fn the_newest_of_each_target_is_the_one_that_begins_last(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let of = |target, first: &str, mean| forecast(target, day(first), mean);
    let product = Target::Product(ProductId(1));
    let category = Target::Category(CategoryId(1));
    save(
        &stores,
        here,
        &[
            of(variant(10), "2026-02-02", 1.0),
            of(variant(9), "2026-02-02", 2.0),
            of(variant(9), "2026-02-01", 3.0),
            of(product, "2026-02-02", 4.0),
            of(category, "2026-02-02", 4.5),
            of(Target::Store, "2026-02-02", 5.0),
        ],
    )
    .await;
    // Found late: it does not take the place of a later one.
    save(&stores, here, &[of(variant(10), "2026-01-31", 6.0)]).await;
    // The same again replaces it, also within one call.
    let again = [
        of(variant(10), "2026-02-02", 7.0),
        of(variant(10), "2026-02-02", 8.0),
    ];
    save(&stores, here, &again).await;
    let told: Vec<_> = newest(&stores, here, TargetLevel::Variant)
        .await
        .into_iter()
        .map(|f| (f.target, f.steps[0].mean))
        .collect();
    assert_eq!(told, [(variant(9), 2.0), (variant(10), 8.0)]);
    assert_eq!(newest(&stores, here, TargetLevel::Product).await.len(), 1);
    assert_eq!(newest(&stores, here, TargetLevel::Category).await.len(), 1);
    for (target, mean) in [
        (variant(10), 8.0),
        (product, 4.0),
        (category, 4.5),
        (Target::Store, 5.0),
    ] {
        let found = stores.forecasts.newest_forecast(here, target).await;
        let found = found.expect("answered").expect("it is there");
        assert_eq!(found, of(target, "2026-02-02", mean));
    }
    let none = stores.forecasts.newest_forecast(here, variant(1)).await;
    assert_eq!(none.expect("answered"), None);
}

pub async fn all_that_begin_since_a_day_are_walked_once(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let mut all = Vec::new();
    for target in [variant(9), variant(10), Target::Store] {
        for first in ["2026-02-01", "2026-02-02", "2026-02-03"] {
            all.push(forecast(target, day(first), 1.0));
        }
    }
    save(&stores, here, &all).await;
    let mut seen: Vec<StoredForecast> = Vec::new();
    loop {
        let after = seen.last().map(|f| (f.target, f.first));
        let from = day("2026-02-02");
        let next = stores.forecasts.walk_forecasts(here, from, after, 2).await;
        let next = next.expect("answered");
        if next.is_empty() {
            break;
        }
        seen.extend(next);
    }
    let level = |f: &StoredForecast| f.target.level().as_str();
    let mut expected: Vec<_> = all
        .iter()
        .filter(|f| f.first >= day("2026-02-02"))
        .cloned()
        .collect();
    expected.sort_by_key(|f| (level(f), f.target.number(), f.first));
    assert_eq!(seen, expected);
    let forgotten = stores
        .forecasts
        .forget_forecasts(here, day("2026-02-03"))
        .await;
    forgotten.expect("forgotten");
    let left = stores
        .forecasts
        .walk_forecasts(here, day("2020-01-01"), None, 100)
        .await;
    assert_eq!(left.expect("answered").len(), 3);
    let forgotten = stores
        .forecasts
        .forget_forecasts(here, day("2026-02-04"))
        .await;
    forgotten.expect("forgotten");
    assert_eq!(newest(&stores, here, TargetLevel::Variant).await, []);
}

pub async fn scores_of_a_day_are_replaced(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let first = [day_scores("2026-02-01", 1.0), day_scores("2026-02-03", 2.0)];
    let saved = stores.forecasts.save_scores(here, &first).await;
    saved.expect("saved");
    let again = [day_scores("2026-02-03", 4.0), day_scores("2026-02-05", 8.0)];
    let saved = stores.forecasts.save_scores(here, &again).await;
    saved.expect("saved");
    let range = days("2026-02-01", "2026-02-04");
    let found = stores
        .forecasts
        .scores(here, range)
        .await
        .expect("answered");
    assert_eq!(found, [first[0].clone(), again[0].clone()]);
}

pub async fn of_a_store_one_run_is_open(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let results = race(|n| {
        let port = stores.forecast_runs.clone();
        async move { port.create(&forecast_run(here, n)).await }
    })
    .await;
    one_wins(&results);
    let elsewhere = connected(&stores, 1, 2).await;
    let other = stores
        .forecast_runs
        .create(&forecast_run(elsewhere, 1))
        .await;
    other.expect("another store's may be open");
}

pub async fn a_run_is_claimed_by_one_and_goes_on_after_a_crash(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let runs = &stores.forecast_runs;
    runs.create(&forecast_run(here, 1)).await.expect("created");
    let claims = race(|_| {
        let port = stores.forecast_runs.clone();
        async move { port.claim(now(), lease()).await }
    })
    .await;
    one_claims(&claims);
    let lost = claims.into_iter().find_map(|c| c.expect("answered"));
    let mut lost = lost.expect("one has it");
    assert_eq!(lost.run.status, SyncStatus::Running);
    let later = now() + lease();
    let held = runs.claim(later, lease()).await.expect("answered");
    let mut held = held.expect("its lease is over");
    assert_eq!((held.run.resumed, held.run.started_at), (1, Some(now())));
    lost.run.done = 7;
    refused(runs.advance(&lost, later, lease()).await, Kind::Conflict);
    held.run.status = SyncStatus::Succeeded;
    held.run.total = Some(3);
    let ended = runs.advance(&held, later, lease()).await.expect("saved");
    assert_eq!((ended.done, ended.total), (0, Some(3)));
    assert_eq!(
        runs.claim(later + lease(), lease())
            .await
            .expect("answered"),
        None
    );
    refused(runs.advance(&held, later, lease()).await, Kind::Conflict);
    // The next one may be queued.
    runs.create(&forecast_run(here, 2)).await.expect("created");
    let listed = runs
        .list(here.workspace, Some(here.store), &PageRequest::first(1))
        .await;
    let listed = listed.expect("answered");
    assert_eq!(
        (listed.total, listed.items[0].id),
        (Some(2), forecast_run(here, 2).id)
    );
}

pub async fn a_night_is_cancelled_at_once_or_by_its_worker(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let runs = &stores.forecast_runs;
    let run = forecast_run(here, 1);
    let unknown = runs.request_cancel(here.workspace, run.id, now()).await;
    refused(unknown, Kind::NotFound);
    runs.create(&run).await.expect("created");
    let cancelled = runs.request_cancel(here.workspace, run.id, now()).await;
    assert_eq!(cancelled.expect("cancelled").status, SyncStatus::Cancelled);
    assert_eq!(runs.claim(now(), lease()).await.expect("answered"), None);

    let run = forecast_run(here, 2);
    runs.create(&run).await.expect("created");
    let mut held = runs
        .claim(now(), lease())
        .await
        .expect("answered")
        .expect("a run");
    let asked = runs.request_cancel(here.workspace, run.id, now()).await;
    assert_eq!(asked.expect("asked").status, SyncStatus::Cancelling);
    // Whoever works on it hears of it, whatever they save.
    let saved = runs.advance(&held, now(), lease()).await;
    assert_eq!(saved.expect("saved").status, SyncStatus::Cancelling);
    held.run.status = SyncStatus::Cancelled;
    let ended = runs.advance(&held, now(), lease()).await;
    assert_eq!(ended.expect("saved").status, SyncStatus::Cancelled);
    let after = runs.request_cancel(here.workspace, run.id, now()).await;
    refused(after, Kind::Conflict);
    // Another one may begin.
    runs.create(&forecast_run(here, 3)).await.expect("created");
}

pub async fn what_belongs_to_another_store_or_workspace_is_not_seen(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let made = forecast(Target::Store, day("2026-02-02"), 1.0);
    save(&stores, here, std::slice::from_ref(&made)).await;
    let scored = stores
        .forecasts
        .save_scores(here, &[day_scores("2026-02-01", 1.0)])
        .await;
    scored.expect("saved");
    let run = forecast_run(here, 1);
    stores.forecast_runs.create(&run).await.expect("created");
    let borrowed = StoreScope {
        workspace: scope(2, 1).workspace,
        ..here
    };
    for other in [scope(1, 2), scope(2, 1), borrowed] {
        assert_eq!(newest(&stores, other, TargetLevel::Store).await, []);
        let forgotten = stores
            .forecasts
            .forget_forecasts(other, day("2030-01-01"))
            .await;
        forgotten.expect("nothing is there");
        let range = days("2026-01-01", "2026-12-31");
        let scores = stores.forecasts.scores(other, range).await;
        assert_eq!(scores.expect("answered"), []);
    }
    let elsewhere = borrowed.workspace;
    let found = stores.forecast_runs.find(elsewhere, run.id).await;
    assert_eq!(found.expect("answered"), None);
    assert_eq!(newest(&stores, here, TargetLevel::Store).await, [made]);
}

pub async fn all_of_it_goes_with_its_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    save(
        &stores,
        here,
        &[forecast(Target::Store, day("2026-02-02"), 1.0)],
    )
    .await;
    stores
        .forecast_runs
        .create(&forecast_run(here, 1))
        .await
        .expect("created");
    let connection = connection(1, 1);
    let purge = Some(connection.store);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, purge)
        .await;
    removed.expect("removed");
    assert_eq!(newest(&stores, here, TargetLevel::Store).await, []);
    let run = stores
        .forecast_runs
        .find(here.workspace, forecast_run(here, 1).id)
        .await;
    assert_eq!(run.expect("answered"), None);
}

#[macro_export]
macro_rules! forecast_laws {
    ($make:ident) => {
        $crate::laws!(
            forecasts,
            $make,
            [
                the_newest_of_each_target_is_the_one_that_begins_last,
                all_that_begin_since_a_day_are_walked_once,
                scores_of_a_day_are_replaced,
                of_a_store_one_run_is_open,
                a_run_is_claimed_by_one_and_goes_on_after_a_crash,
                a_night_is_cancelled_at_once_or_by_its_worker,
                what_belongs_to_another_store_or_workspace_is_not_seen,
                all_of_it_goes_with_its_store,
            ]
        );
    };
}
