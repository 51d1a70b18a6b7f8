//! Agents as the API writes them.

use application::agents::Standing;
use chrono::{DateTime, Utc};
use domain::agents::{Autonomy, RunStatus};
use ports::changes::{Stop, StopScope};
use ports::runs::RunStatistics;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So many failures in a row, and something is wrong with it.
const MANY_FAILURES: u64 = 3;
/// Statistics are of thirty days.
const HOURS: f64 = 720.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgentStatus)]
pub(crate) enum StatusBody {
    Idle,
    Queued,
    Running,
    /// A stop over everything or over this agent is on.
    Stopped,
    Disabled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgentHealth)]
pub(crate) enum HealthBody {
    Ok,
    /// Its last three runs failed.
    Failing,
    /// It did not run within thirty days.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Autonomy)]
pub(crate) enum AutonomyBody {
    /// Reports what it would do.
    Observe,
    /// Proposes; people decide.
    Propose,
    /// Applies what the guardrails allow, and proposes the rest.
    Act,
}

impl From<Autonomy> for AutonomyBody {
    fn from(autonomy: Autonomy) -> Self {
        match autonomy {
            Autonomy::Observe => Self::Observe,
            Autonomy::Propose => Self::Propose,
            Autonomy::Act => Self::Act,
        }
    }
}

impl From<AutonomyBody> for Autonomy {
    fn from(autonomy: AutonomyBody) -> Self {
        match autonomy {
            AutonomyBody::Observe => Self::Observe,
            AutonomyBody::Propose => Self::Propose,
            AutonomyBody::Act => Self::Act,
        }
    }
}

/// Over the last thirty days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentPerformance)]
pub(crate) struct PerformanceBody {
    /// Seconds from the first take-up to the end; null when no run ended.
    avg_response_time: Option<f64>,
    /// In percent; null when no run ended.
    success_rate: Option<f64>,
    /// Runs that ended, an hour.
    throughput: f64,
}

impl PerformanceBody {
    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of runs, and not amounts of money"
    )]
    fn of(statistics: &RunStatistics) -> Self {
        let ended = statistics.succeeded + statistics.failed;
        let rate = || statistics.succeeded as f64 * 100.0 / ended as f64;
        Self {
            avg_response_time: statistics.mean_seconds,
            success_rate: (ended > 0).then(rate),
            throughput: ended as f64 / HOURS,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgentStopScope)]
pub(crate) enum StopScopeBody {
    All,
    Agent,
}

/// What holds it back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentStop)]
pub(crate) struct StopBody {
    reason: String,
    by: String,
    at: DateTime<Utc>,
    scope: StopScopeBody,
}

impl StopBody {
    fn of(stop: &Stop) -> Self {
        Self {
            reason: stop.reason.clone(),
            by: stop.by.name.clone(),
            at: stop.at,
            scope: match stop.scope {
                StopScope::All => StopScopeBody::All,
                StopScope::Agent(_) | StopScope::Connection(_) => StopScopeBody::Agent,
            },
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub(crate) struct AgentBody {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The agent's id.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: String,
    pub(crate) status: StatusBody,
    pub(crate) health: HealthBody,
    last_activity: Option<DateTime<Utc>>,
    /// Runs of the last thirty days.
    total_tasks: u64,
    completed_tasks: u64,
    error_count: u64,
    performance: PerformanceBody,
    capabilities: Vec<String>,
    /// A cron pattern in the store's zone.
    schedule: String,
    pub(crate) autonomy: AutonomyBody,
    pub(crate) next_run_at: Option<DateTime<Utc>>,
    /// What its next start waits for although its time has come, as the end of a sentence.
    waits_for: Option<String>,
    /// Whether it proposes changes at all; one that does not writes into our own books, and stays at `observe`.
    proposes: bool,
    enabled: bool,
    /// What it decides, in one sentence.
    decides: String,
    /// The run that is queued or under way.
    #[schema(format = "uuid")]
    open_run: Option<String>,
    stop: Option<StopBody>,
    /// Its change-sets that wait for a decision.
    waiting: u64,
}

impl AgentBody {
    pub(crate) fn of(standing: &Standing) -> Self {
        let Standing {
            spec,
            config,
            statistics,
            ..
        } = standing;
        Self {
            id: spec.id.to_string(),
            name: spec.name.to_string(),
            kind: spec.id.to_string(),
            status: status(standing),
            health: health(statistics),
            last_activity: statistics.last_activity,
            total_tasks: statistics.total,
            completed_tasks: statistics.succeeded,
            error_count: statistics.failed,
            performance: PerformanceBody::of(statistics),
            capabilities: spec.capabilities.iter().map(|&c| c.to_owned()).collect(),
            schedule: config.schedule.clone(),
            autonomy: config.autonomy.into(),
            next_run_at: standing.next_at,
            waits_for: standing.waits_for.clone(),
            proposes: standing.proposes,
            enabled: config.enabled,
            decides: spec.decides.to_string(),
            open_run: standing.open_run.as_ref().map(|run| run.id.to_string()),
            stop: standing.stop.as_ref().map(StopBody::of),
            waiting: standing.waiting,
        }
    }
}

pub(crate) fn status(standing: &Standing) -> StatusBody {
    match &standing.open_run {
        _ if standing.stop.is_some() => StatusBody::Stopped,
        _ if !standing.config.enabled => StatusBody::Disabled,
        Some(run) if run.status == RunStatus::Queued => StatusBody::Queued,
        Some(_) => StatusBody::Running,
        None => StatusBody::Idle,
    }
}

pub(crate) fn health(statistics: &RunStatistics) -> HealthBody {
    if statistics.failures_in_row >= MANY_FAILURES {
        HealthBody::Failing
    } else if statistics.total == 0 {
        HealthBody::Unknown
    } else {
        HealthBody::Ok
    }
}

/// Whether it works when its time comes.
pub(crate) fn is_active(standing: &Standing) -> bool {
    standing.config.enabled && standing.stop.is_none()
}
