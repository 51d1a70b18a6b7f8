//! Runs that two work on, leases that nobody looks at, schedules that start twice, settings that are overwritten.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentConfig, AgentRun, LogLine};
use domain::audit::NewEntry;
use domain::changes::Guardrails;
use domain::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use ports::agents::AgentConfigs;
use ports::guardrails::GuardrailStore;
use ports::runs::{IncomingEvent, RunFilter, RunLease, RunStatistics, RunStore};
use ports::{Kind, Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{agents, guardrails, run_claims, run_notes, run_starts, runs};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Whoever is refused is told that it was created.
    CreatesBoth,
    /// A lease does not keep others off.
    Shares,
    /// Claims one at most.
    OneByOne,
    /// Nobody looks at the fence.
    NoFence,
    /// What is put down keeps its lease for a while.
    HoldsOn,
    /// Lines are lost.
    NoLog,
    /// The last facts count.
    Rewrites,
    /// Looks where the schedule stands, others come in, and then it moves.
    ChecksEarly,
    /// An event that was there starts its runs again.
    AcceptsAll,
    /// Lists are of all agents.
    ListsAll,
    /// Waits that are over are not ended early.
    Sleeps,
    /// Counts all stores.
    CountsAll,
    /// Forgets what was just written down.
    Forgetful,
}

struct Runs {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        runs: Arc::new(Runs { db, flaw }),
        ..stores
    }
}

saboteur! {
    RunStore for Runs {
        async fn create(&self, run: &AgentRun, entry: Option<&NewEntry>) -> PortResult<()> {
            match RunStore::create(&*self.db, run, entry).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::CreatesBoth => Ok(()),
                answer => answer,
            }
        }

        async fn list(
            &self,
            workspace: WorkspaceId,
            filter: &RunFilter,
            page: &PageRequest,
        ) -> PortResult<Page<AgentRun>> {
            let mut filter = filter.clone();
            if self.flaw == Flaw::ListsAll {
                filter.agent = None;
            }
            RunStore::list(&*self.db, workspace, &filter, page).await
        }

        async fn claim(
            &self,
            now: DateTime<Utc>,
            lease: Duration,
            limit: u32,
        ) -> PortResult<Vec<RunLease>> {
            let lease = if self.flaw == Flaw::Shares { Duration::zero() } else { lease };
            let limit = if self.flaw == Flaw::OneByOne { limit.min(1) } else { limit };
            RunStore::claim(&*self.db, now, lease, limit).await
        }

        async fn advance(
            &self,
            lease: &RunLease,
            run: &AgentRun,
            log: &[LogLine],
            now: DateTime<Utc>,
            prolong: Duration,
        ) -> PortResult<AgentRun> {
            let log = if self.flaw == Flaw::NoLog { &[] } else { log };
            match RunStore::advance(&*self.db, lease, run, log, now, prolong).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoFence => Ok(run.clone()),
                answer => answer,
            }
        }

        async fn put_down(
            &self,
            lease: &RunLease,
            run: &AgentRun,
            log: &[LogLine],
        ) -> PortResult<AgentRun> {
            if self.flaw == Flaw::HoldsOn {
                let at = run.run_at;
                return RunStore::advance(&*self.db, lease, run, log, at, Duration::zero()).await;
            }
            match self.db.put_down(lease, run, log).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoFence => Ok(run.clone()),
                answer => answer,
            }
        }

        async fn wake(&self, workspace: WorkspaceId, id: RunId, now: DateTime<Utc>) -> PortResult<()> {
            if self.flaw == Flaw::Sleeps {
                return Ok(());
            }
            self.db.wake(workspace, id, now).await
        }

        async fn facts(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<String>> {
            let facts = self.db.facts(workspace, id).await?;
            Ok(facts.map(|f| if self.flaw == Flaw::Rewrites { f.replace('1', "2") } else { f }))
        }

        async fn statistics(
            &self,
            workspace: WorkspaceId,
            store: Option<StoreId>,
            since: DateTime<Utc>,
        ) -> PortResult<Vec<RunStatistics>> {
            let store = store.filter(|_| self.flaw != Flaw::CountsAll);
            self.db.statistics(workspace, store, since).await
        }

        async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
            let more = Duration::seconds(i64::from(self.flaw == Flaw::Forgetful));
            RunStore::prune(&*self.db, before + more).await
        }

        async fn fire(
            &self,
            scope: StoreScope,
            agent: &str,
            due: Option<DateTime<Utc>>,
            next: Option<DateTime<Utc>>,
            run: Option<&AgentRun>,
        ) -> PortResult<bool> {
            if self.flaw == Flaw::ChecksEarly && self.db.next_at(scope, agent).await? == due {
                let_others_in().await;
                let due = self.db.next_at(scope, agent).await?;
                return self.db.fire(scope, agent, due, next, run).await;
            }
            self.db.fire(scope, agent, due, next, run).await
        }

        async fn accept(&self, event: &IncomingEvent, runs: &[AgentRun]) -> PortResult<bool> {
            let accepted = self.db.accept(event, runs).await?;
            if !accepted && self.flaw == Flaw::AcceptsAll {
                for run in runs {
                    RunStore::create(&*self.db, run, None).await?;
                }
                return Ok(true);
            }
            Ok(accepted)
        }
    } else self {
        fn holding(scope: StoreScope, agent: &str, kind: &str) -> Option<AgentRun>;
        fn find(workspace: WorkspaceId, id: RunId) -> Option<AgentRun>;
        fn request_cancel(workspace: WorkspaceId, id: RunId, now: DateTime<Utc>) -> AgentRun;
        fn log(workspace: WorkspaceId, id: RunId, after: u64, limit: u32) -> Vec<LogLine>;
        fn keep_facts(lease: &RunLease, facts: &str) -> ();
        fn next_at(scope: StoreScope, agent: &str) -> Option<DateTime<Utc>>;
    }
}

#[tokio::test]
async fn two_runs_at_once_are_caught() {
    let both = || with(Flaw::CreatesBoth);
    caught(runs::of_many_that_create_one_wins(both())).await;
    caught(runs::while_one_holds_no_other_of_its_store_agent_and_kind_starts(both())).await;
}

#[tokio::test]
async fn a_run_that_two_work_on_is_caught() {
    let shared = || with(Flaw::Shares);
    caught(run_claims::of_many_that_claim_each_run_is_had_by_one(
        shared(),
    ))
    .await;
    caught(run_claims::what_is_not_due_or_leased_or_over_is_not_claimed(shared())).await;
}

#[tokio::test]
async fn a_claim_of_too_few_is_caught() {
    let few = with(Flaw::OneByOne);
    caught(run_claims::as_many_are_claimed_as_are_asked_for(few)).await;
}

#[tokio::test]
async fn a_late_worker_is_caught() {
    let late = || with(Flaw::NoFence);
    caught(run_claims::an_old_fence_writes_nothing(late())).await;
    caught(run_claims::of_many_that_end_the_same_run_one_does(late())).await;
}

#[tokio::test]
async fn a_wait_that_counts_as_a_crash_is_caught() {
    let holds = with(Flaw::HoldsOn);
    caught(run_claims::what_is_put_down_is_free_and_no_crash(holds)).await;
}

#[tokio::test]
async fn lines_that_are_lost_are_caught() {
    let lost = || with(Flaw::NoLog);
    caught(run_claims::progress_is_saved_with_its_lines_and_the_lease_is_prolonged(lost())).await;
    caught(run_notes::lines_are_read_after_a_number_in_order(lost())).await;
}

#[tokio::test]
async fn facts_that_change_afterwards_are_caught() {
    let rewritten = with(Flaw::Rewrites);
    caught(run_notes::facts_are_kept_once_by_who_holds_the_lease(
        rewritten,
    ))
    .await;
}

#[tokio::test]
async fn notes_that_are_forgotten_too_early_are_caught() {
    let forgetful = with(Flaw::Forgetful);
    caught(run_notes::old_logs_and_facts_are_forgotten_and_the_runs_stay(forgetful)).await;
}

#[tokio::test]
async fn statistics_of_too_many_runs_are_caught() {
    let all = with(Flaw::CountsAll);
    caught(run_notes::rehearsals_and_other_stores_do_not_count(all)).await;
}

#[tokio::test]
async fn a_schedule_that_starts_twice_is_caught() {
    let early = with(Flaw::ChecksEarly);
    caught(run_starts::of_many_that_fire_one_starts_it(early)).await;
}

#[tokio::test]
async fn an_event_that_counts_twice_is_caught() {
    let all = || with(Flaw::AcceptsAll);
    caught(run_starts::an_event_is_kept_once_and_starts_its_runs(all())).await;
    caught(run_starts::of_many_that_tell_the_same_event_one_is_accepted(all())).await;
}

#[tokio::test]
async fn a_list_that_is_not_narrowed_is_caught() {
    let all = with(Flaw::ListsAll);
    caught(runs::runs_are_listed_newest_first_by_store_agent_status_and_kind(all)).await;
}

#[tokio::test]
async fn a_run_that_sleeps_on_is_caught() {
    let sleeps = with(Flaw::Sleeps);
    caught(runs::a_waiting_run_is_woken_and_no_other(sleeps)).await;
}

/// Looks at the version, lets others in, and saves whatever is there by then.
struct Overwrites {
    db: Arc<FakeDatabase>,
}

saboteur! {
    AgentConfigs for Overwrites {
        async fn save(&self, config: &AgentConfig, entry: &NewEntry) -> PortResult<()> {
            let newest = AgentConfigs::find(&*self.db, config.scope, &config.agent).await?;
            let newest = newest.map_or(0, |newest| newest.version);
            let mut config = config.clone();
            if newest + 1 == config.version {
                let_others_in().await;
                let there = AgentConfigs::find(&*self.db, config.scope, &config.agent).await?;
                config.version = there.map_or(0, |there| there.version) + 1;
            }
            AgentConfigs::save(&*self.db, &config, entry).await
        }

        /// In the wrong order.
        async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<AgentConfig>> {
            let mut all = AgentConfigs::list(&*self.db, workspace).await?;
            all.reverse();
            Ok(all)
        }
    } else self {
        fn find(scope: StoreScope, agent: &str) -> Option<AgentConfig>;
        fn version(scope: StoreScope, agent: &str, version: i64) -> Option<AgentConfig>;
    }
}

#[tokio::test]
async fn settings_that_are_overwritten_are_caught() {
    let overwrites = || {
        let (db, stores) = sound();
        Stores {
            agent_configs: Arc::new(Overwrites { db }),
            ..stores
        }
    };
    caught(agents::of_many_that_save_the_same_version_one_wins(
        overwrites(),
    ))
    .await;
    caught(agents::the_newest_versions_are_listed_by_store_and_agent(
        overwrites(),
    ))
    .await;
}

/// Looks at the version, lets others in, and stores whatever comes after what is there by then.
struct Loosens {
    db: Arc<FakeDatabase>,
}

saboteur! {
    GuardrailStore for Loosens {
        async fn set_guardrails(&self, guardrails: &Guardrails, entry: &NewEntry) -> PortResult<()> {
            let_others_in().await;
            let there = self.db.guardrails(guardrails.scope).await?;
            let version = there.map_or(0, |there| there.version) + 1;
            let next = Guardrails { version, ..guardrails.clone() };
            self.db.set_guardrails(&next, entry).await
        }
    } else self {
        fn guardrails(scope: StoreScope) -> Option<Guardrails>;
    }
}

#[tokio::test]
async fn limits_that_are_overwritten_are_caught() {
    let loosens = || {
        let (db, stores) = sound();
        Stores {
            guardrails: Arc::new(Loosens { db }),
            ..stores
        }
    };
    caught(guardrails::of_many_that_set_the_same_version_one_wins(
        loosens(),
    ))
    .await;
    caught(guardrails::a_version_that_does_not_follow_changes_nothing(
        loosens(),
    ))
    .await;
}
