//! Starting agents when their time has come: once, however many of us look, and once after a long silence.

use super::agent::{Due, Readiness};
use super::{AgentError, Agents};
use chrono::{DateTime, Utc};
use domain::agents::schedule::Schedule;
use domain::agents::{AgentConfig, AgentSpec, RunKind, Trigger};
use domain::notifications::Zone;
use domain::store::Store;
use ports::{Kind, PortError, PortResult, Retry};

/// Logs and facts of runs, and events that were told, are kept for so long; the runs themselves stay.
const KEPT_DAYS: i64 = 90;

impl Agents {
    /// Starts what is due in all stores; answers how many runs that were. What cannot be read of one store keeps no other from starting.
    pub async fn start_due(&self) -> PortResult<u64> {
        let mut started = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                for spec in self.members(&store).await? {
                    match self.look(&store, &spec).await {
                        Ok(is_started) => started += u64::from(is_started),
                        Err(error) => {
                            let store = store.scope.store;
                            tracing::warn!(%store, agent = %spec.id, %error, "a schedule could not be looked at");
                        }
                    }
                }
            }
        }
        if started > 0 {
            self.started();
        }
        Ok(started)
    }

    /// Whether it was started by us.
    async fn look(&self, store: &Store, spec: &AgentSpec) -> Result<bool, AgentError> {
        let (runs, now) = (&self.ports.runs, self.ports.clock.now());
        let due = runs.next_at(store.scope, &spec.id).await?;
        if due.is_some_and(|due| due > now) {
            return Ok(false);
        }
        let config = self.config(store, spec).await?;
        let next = next_after(store, &config, now)?;
        let entry = self.registry.entry(&spec.id)?;
        let Some(at) = due else {
            // A new store, or a schedule that has never been looked at: its first time is ahead, unless it makes up for what went by.
            let missed = entry
                .policy
                .catches_up()
                .then(|| latest(store, &config, now));
            let first = missed.transpose()?.flatten().or(next);
            if first.is_some() {
                runs.fire(store.scope, &spec.id, None, first, None).await?;
            }
            return Ok(false);
        };
        // What is disabled, stopped or used up lets its time go by.
        let run = match self.may_start(&config, spec).await? {
            false => None,
            true => match self.readiness(store, spec, &config).await? {
                Readiness::Done => None,
                Readiness::Ready => {
                    let trigger = Trigger::Schedule { due: at };
                    let mut run = self.new_run(&config, RunKind::Decide, trigger);
                    run.parameters = entry.policy.parameters(store, now, run.parameters)?;
                    Some(run)
                }
                // It waits for its newest time, not for one of days ago.
                Readiness::Waits(_) => {
                    let newest = latest(store, &config, now)?.filter(|newest| *newest > at);
                    if newest.is_some() {
                        runs.fire(store.scope, &spec.id, due, newest, None).await?;
                    }
                    return Ok(false);
                }
            },
        };
        let fired = runs.fire(store.scope, &spec.id, due, next, run.as_ref());
        Ok(fired.await? && run.is_some())
    }

    pub(super) async fn readiness(
        &self,
        store: &Store,
        spec: &AgentSpec,
        config: &AgentConfig,
    ) -> Result<Readiness, AgentError> {
        let entry = self.registry.entry(&spec.id)?;
        let due = Due {
            ports: &self.ports,
            store,
            spec,
            values: &config.values,
            now: self.ports.clock.now(),
        };
        Ok(entry.policy.readiness(&due).await?)
    }

    /// Another pattern counts from now on.
    pub(super) async fn reschedule(
        &self,
        store: &Store,
        before: &AgentConfig,
        config: &AgentConfig,
    ) -> PortResult<()> {
        if before.schedule == config.schedule {
            return Ok(());
        }
        let next = next_after(store, config, self.ports.clock.now())?;
        let runs = &self.ports.runs;
        let stands = runs.next_at(store.scope, &config.agent).await?;
        // Whoever moved it meanwhile may have read the old pattern: once more, then it stands until it comes due.
        if !runs
            .fire(store.scope, &config.agent, stands, next, None)
            .await?
        {
            let stands = runs.next_at(store.scope, &config.agent).await?;
            runs.fire(store.scope, &config.agent, stands, next, None)
                .await?;
        }
        Ok(())
    }

    /// Forgets what is old of runs.
    pub(super) async fn prune(&self) {
        let before = self.ports.clock.now() - chrono::Duration::days(KEPT_DAYS);
        match self.ports.runs.prune(before).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(
                count,
                "logs and facts of old runs, and old events, were forgotten"
            ),
            Err(error) => tracing::warn!(%error, "old runs could not be pruned"),
        }
    }
}

/// In the store's zone.
fn next_after(
    store: &Store,
    config: &AgentConfig,
    now: DateTime<Utc>,
) -> PortResult<Option<DateTime<Utc>>> {
    let pattern = pattern(store, config)?;
    Ok(pattern.and_then(|(schedule, zone)| schedule.next_after(now, zone)))
}

/// The newest time that has come.
fn latest(
    store: &Store,
    config: &AgentConfig,
    now: DateTime<Utc>,
) -> PortResult<Option<DateTime<Utc>>> {
    let pattern = pattern(store, config)?;
    Ok(pattern.and_then(|(schedule, zone)| schedule.due(DateTime::UNIX_EPOCH, now, zone).missed))
}

/// `None`: events start it, and nothing else.
fn pattern(store: &Store, config: &AgentConfig) -> PortResult<Option<(Schedule, Zone)>> {
    if config.schedule.is_empty() {
        return Ok(None);
    }
    let cannot = |detail: String| {
        PortError::new(
            Kind::Configuration,
            Retry::Never,
            "royal",
            "agents.schedule",
            detail,
        )
    };
    let schedule = Schedule::parse(&config.schedule)
        .map_err(|error| cannot(format!("the schedule of {} {error}", config.agent)))?;
    let zone = store
        .timezone
        .parse()
        .map_err(|_| cannot(format!("{} is no time zone", store.timezone)))?;
    Ok(Some((schedule, zone)))
}
