//! `GET /jobs`: durable work of every kind, newest first.

use crate::auth::Caller;
use crate::http::paging;
use crate::http::runs::view::{Names, ProgressBody, name};
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::job::{Job, JobKind};
use ports::jobs::JobFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = JobKind)]
pub(crate) enum KindBody {
    AgentRun,
    Rehearsal,
    Sync,
    Import,
    Recost,
    Reconciliation,
    ChangeSet,
    Forecast,
    AdSync,
    SupplierSync,
}

macro_rules! same {
    ($($variant:ident),+) => {
        impl From<JobKind> for KindBody {
            fn from(kind: JobKind) -> Self {
                match kind { $(JobKind::$variant => Self::$variant),+ }
            }
        }

        impl From<KindBody> for JobKind {
            fn from(kind: KindBody) -> Self {
                match kind { $(KindBody::$variant => Self::$variant),+ }
            }
        }
    };
}

same!(
    AgentRun,
    Rehearsal,
    Sync,
    Import,
    Recost,
    Reconciliation,
    ChangeSet,
    Forecast,
    AdSync,
    SupplierSync
);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    kind: Option<KindBody>,
    /// A word of whichever kinds know it: `queued`, `running`, `applied` …
    status: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub(crate) struct JobBody {
    /// Of the run, the import or the change-set.
    #[schema(format = "uuid")]
    id: String,
    name: String,
    kind: KindBody,
    /// A word of its kind.
    status: String,
    /// How often somebody took it up.
    attempts: u32,
    progress: Option<ProgressBody>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    /// Not taken up before.
    next_run_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
}

impl JobBody {
    fn of(job: Job, names: &Names) -> Self {
        Self {
            id: job.id.to_string(),
            name: match job.kind {
                JobKind::AgentRun | JobKind::Rehearsal => name(names, &job.name),
                _ => job.name,
            },
            kind: job.kind.into(),
            status: job.status,
            attempts: job.attempts,
            progress: job.progress.map(ProgressBody::of),
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
            next_run_at: job.next_run_at,
            last_error: job.last_error,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobList)]
pub(crate) struct Body {
    jobs: Vec<JobBody>,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/jobs", operation_id = "list_jobs", tag = "agents",
    summary = "Durable work of every kind, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let filter = JobFilter {
        kind: query.kind.map(Into::into),
        status: paging::text(query.status.as_ref()),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app.jobs.list(who.workspace.id, &filter, &page).await?;
    let names = app.agents.names(who.workspace.id).await?;
    let jobs = page.items.into_iter();
    Ok(web::Json(Body {
        jobs: jobs.map(|job| JobBody::of(job, &names)).collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
