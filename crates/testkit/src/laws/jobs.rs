//! Laws of [`ports::jobs::JobList`].

use super::imports::import;
use super::syncs::{now, shop};
use crate::Stores;
use crate::builders::{
    approved_change_set, audit_entry, change_set, day, forecast_run, reconciliation, recost_run_of,
    scope, sync_run,
};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, RunKind, RunStatus, Trigger};
use domain::audit::Actor;
use domain::connection::Connection;
use domain::ids::{RunId, StoreScope, WorkspaceId};
use domain::job::{Job, JobKind};
use ports::PageRequest;
use ports::jobs::JobFilter;
use uuid::Uuid;

/// A minute of the list: larger numbers are younger.
fn minute(number: u32) -> DateTime<Utc> {
    now() + Duration::minutes(i64::from(number))
}

fn run(scope: StoreScope, number: u32, kind: RunKind) -> AgentRun {
    AgentRun {
        id: RunId(Uuid::from_u128(u128::from(number) + (11 << 100))),
        scope,
        agent: "pricing_optimizer".to_owned(),
        kind,
        status: RunStatus::Queued,
        trigger: Trigger::Person {
            who: Actor::command_line(),
        },
        parameters: serde_json::json!({}),
        config_version: 0,
        seed: 7,
        priority: 0,
        failures: 0,
        crashes: 0,
        created_at: minute(number),
        run_at: minute(number),
        started_at: None,
        finished_at: None,
        steps: Vec::new(),
        progress: None,
        facts: None,
        log_lines: 0,
        looked_at: 0,
        proposals: 0,
        change_sets: Vec::new(),
        summary: None,
        error: None,
        rehearsal: None,
    }
}

/// One or two of each kind, some of them created at the same moment; the newest first.
async fn fill(stores: &Stores, shop: &Connection) -> Vec<Job> {
    let scope = StoreScope {
        workspace: shop.workspace,
        store: shop.store,
    };
    let mut sync = sync_run(shop, 1);
    sync.created_at = minute(3);
    stores.syncs.create(&sync, None).await.expect("created");
    let mut check = import(scope, 1);
    check.created_at = minute(5);
    stores.imports.create(&check).await.expect("created");
    let mut recost = recost_run_of(scope, 1);
    recost.created_at = minute(2);
    stores.recosts.create(&recost).await.expect("created");
    let mut days = reconciliation(shop, 1);
    days.created_at = minute(3);
    stores.reconciliations.create(&days).await.expect("created");
    let decides = run(scope, 4, RunKind::Decide);
    let (from, to) = (day("2026-01-01"), day("2026-01-31"));
    let rehearses = run(scope, 6, RunKind::Rehearse { from, to });
    for run in [&decides, &rehearses] {
        stores.runs.create(run, None).await.expect("created");
    }
    let mut proposed = change_set(shop, 1);
    proposed.created_at = minute(3);
    let mut approved = approved_change_set(shop, 2);
    approved.created_at = minute(1);
    for set in [&proposed, &approved] {
        let entry = audit_entry(shop.workspace, "change_set.propose");
        stores.changes.propose(set, &entry).await.expect("proposed");
    }
    let mut night = forecast_run(scope, 1);
    night.created_at = minute(3);
    stores.forecast_runs.create(&night).await.expect("created");
    let mut jobs = vec![
        Job::from(&sync),
        Job::from(&check),
        Job::from(&recost),
        Job::from(&days),
        Job::from(&decides),
        Job::from(&rehearses),
        Job::from(&proposed),
        Job::from(&approved),
        Job::from(&night),
    ];
    jobs.sort_by_key(|job| (std::cmp::Reverse(job.created_at), job.id));
    jobs
}

async fn listed(stores: &Stores, of: WorkspaceId, filter: &JobFilter, limit: u32) -> Vec<Job> {
    let mut page = PageRequest::first(limit);
    let mut seen = Vec::new();
    let mut total = None;
    loop {
        let found = stores.jobs.jobs(of, filter, &page).await.expect("a page");
        total = total.or(found.total);
        seen.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            assert_eq!(total, Some(seen.len() as u64), "{filter:?}");
            return seen;
        }
    }
}

pub async fn jobs_of_all_kinds_are_listed_newest_first(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let all = fill(&stores, &shop).await;
    for limit in [1, 2, 3, 100] {
        let found = listed(&stores, shop.workspace, &JobFilter::default(), limit).await;
        assert_eq!(found, all, "pages of {limit}");
    }
    let elsewhere = scope(2, 1).workspace;
    let found = listed(&stores, elsewhere, &JobFilter::default(), 2).await;
    assert_eq!(found, []);
}

pub async fn jobs_are_listed_by_kind_and_status(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let all = fill(&stores, &shop).await;
    let kinds = JobKind::ALL.map(Some).into_iter().chain([None]);
    for kind in kinds {
        for status in [None, Some("queued"), Some("proposed"), Some("nothing")] {
            let filter = JobFilter {
                kind,
                status: status.map(str::to_owned),
            };
            let mut expected = all.clone();
            expected.retain(|job| kind.is_none_or(|kind| job.kind == kind));
            expected.retain(|job| status.is_none_or(|status| job.status == status));
            let found = listed(&stores, shop.workspace, &filter, 2).await;
            assert_eq!(found, expected, "{filter:?}");
        }
    }
}

pub async fn a_job_that_comes_between_two_pages_neither_repeats_nor_hides_another(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let all = fill(&stores, &shop).await;
    let (filter, mut page) = (JobFilter::default(), PageRequest::first(2));
    let mut seen = Vec::new();
    for number in 10.. {
        let found = stores.jobs.jobs(shop.workspace, &filter, &page).await;
        let found = found.expect("a page");
        seen.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
        let mut set = change_set(&shop, number);
        set.created_at = minute(number);
        let entry = audit_entry(shop.workspace, "change_set.propose");
        stores
            .changes
            .propose(&set, &entry)
            .await
            .expect("proposed");
    }
    assert_eq!(seen, all);
}

#[macro_export]
macro_rules! job_laws {
    ($make:ident) => {
        $crate::laws!(
            jobs,
            $make,
            [
                jobs_of_all_kinds_are_listed_newest_first,
                jobs_are_listed_by_kind_and_status,
                a_job_that_comes_between_two_pages_neither_repeats_nor_hides_another,
            ]
        );
    };
}
