//! A sync run as the API, the stream and the command line write it.

use application::sync::Pace;
use chrono::{DateTime, NaiveDate, Utc};
use domain::sync::{FactKind, StepStatus, SyncKind, SyncRun, SyncStatus, SyncStep};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SyncKind)]
pub(crate) enum KindBody {
    Backfill,
    Incremental,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SyncStatus)]
pub(crate) enum StatusBody {
    Queued,
    Running,
    Cancelling,
    Cancelled,
    Succeeded,
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SyncStepStatus)]
pub(crate) enum StepStatusBody {
    Pending,
    Running,
    Done,
    Skipped,
    Failed,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SyncPhase)]
pub(crate) struct PhaseBody {
    /// The step that is being worked on, or the status when none is.
    pub(crate) key: String,
    pub(crate) label: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SyncStep)]
pub(crate) struct StepBody {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) status: StepStatusBody,
    pub(crate) done: u64,
    /// Null while nobody knows.
    pub(crate) total: Option<u64>,
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SyncCount)]
pub(crate) struct CountBody {
    pub(crate) done: u64,
    pub(crate) total: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SyncWarning)]
pub(crate) struct WarningBody {
    pub(crate) code: String,
    pub(crate) message: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SyncFailure)]
pub(crate) struct FailureBody {
    pub(crate) message: String,
    pub(crate) remedy: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sync)]
pub(crate) struct SyncBody {
    pub(crate) id: String,
    pub(crate) connection_id: String,
    pub(crate) kind: KindBody,
    pub(crate) status: StatusBody,
    pub(crate) phase: PhaseBody,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) started_at: Option<DateTime<Utc>>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    /// How often it went on after a stop or a crash.
    pub(crate) resumed_times: u32,
    pub(crate) steps: Vec<StepBody>,
    /// 0 to 1 over the steps whose totals are known.
    pub(crate) progress: Option<f64>,
    pub(crate) eta_seconds: Option<u64>,
    pub(crate) rows_per_second: Option<f64>,
    pub(crate) orders: CountBody,
    /// Order days that can be looked at already, both ends.
    pub(crate) newest_day: Option<NaiveDate>,
    pub(crate) oldest_day: Option<NaiveDate>,
    pub(crate) error: Option<FailureBody>,
    pub(crate) warnings: Vec<WarningBody>,
}

impl SyncBody {
    pub(crate) fn of(run: &SyncRun, now: DateTime<Utc>) -> Self {
        let orders = run.steps.iter().find(|s| s.kind == FactKind::Orders);
        let pace = Pace::of(run, now);
        Self {
            id: run.id.to_string(),
            connection_id: run.connection.to_string(),
            kind: kind(run.kind),
            status: status(run.status),
            phase: phase(run),
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            resumed_times: run.resumed,
            steps: run.steps.iter().map(step).collect(),
            progress: run.progress(),
            eta_seconds: pace.eta_seconds,
            rows_per_second: pace.rows_per_second,
            orders: CountBody {
                done: orders.map_or(0, |s| s.done),
                total: orders.and_then(|s| s.total),
            },
            newest_day: run.newest_day,
            oldest_day: run.oldest_day,
            error: run.error.as_ref().map(|e| FailureBody {
                message: e.message.clone(),
                remedy: e.remedy.clone(),
            }),
            warnings: run.warnings.iter().map(warning).collect(),
        }
    }
}

fn step(step: &SyncStep) -> StepBody {
    StepBody {
        key: step.kind.as_str().to_owned(),
        label: label(step.kind).to_owned(),
        status: match step.status {
            StepStatus::Pending => StepStatusBody::Pending,
            StepStatus::Running => StepStatusBody::Running,
            StepStatus::Done => StepStatusBody::Done,
            StepStatus::Skipped => StepStatusBody::Skipped,
            StepStatus::Failed => StepStatusBody::Failed,
        },
        done: step.done,
        total: step.total,
        reason: step.reason.clone(),
    }
}

fn warning(warning: &domain::sync::SyncWarning) -> WarningBody {
    WarningBody {
        code: warning.code.clone(),
        message: warning.message.clone(),
    }
}

const fn kind(kind: SyncKind) -> KindBody {
    match kind {
        SyncKind::Backfill => KindBody::Backfill,
        SyncKind::Incremental => KindBody::Incremental,
    }
}

const fn status(status: SyncStatus) -> StatusBody {
    match status {
        SyncStatus::Queued => StatusBody::Queued,
        SyncStatus::Running => StatusBody::Running,
        SyncStatus::Cancelling => StatusBody::Cancelling,
        SyncStatus::Cancelled => StatusBody::Cancelled,
        SyncStatus::Succeeded => StatusBody::Succeeded,
        SyncStatus::Failed => StatusBody::Failed,
    }
}

const fn label(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Shop => "Shop settings",
        FactKind::Locations => "Locations",
        FactKind::Products => "Products and costs",
        FactKind::Orders => "Orders",
        FactKind::Inventory => "Stock levels",
        FactKind::Customers => "Customers",
        FactKind::Payouts => "Payouts",
    }
}

fn phase(run: &SyncRun) -> PhaseBody {
    let running = run.steps.iter().find(|s| s.status == StepStatus::Running);
    let (key, text) = match (run.status, running) {
        (SyncStatus::Running, Some(step)) => (step.kind.as_str(), label(step.kind)),
        (SyncStatus::Queued, _) => ("queued", "Waiting to start"),
        (SyncStatus::Running, None) => ("running", "Working"),
        (SyncStatus::Cancelling, _) => ("cancelling", "Stopping"),
        (SyncStatus::Cancelled, _) => ("cancelled", "Stopped"),
        (SyncStatus::Succeeded, _) => ("succeeded", "Up to date"),
        (SyncStatus::Failed, _) => ("failed", "Failed"),
    };
    PhaseBody {
        key: key.to_owned(),
        label: text.to_owned(),
    }
}
