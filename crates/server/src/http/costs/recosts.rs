//! `/v1/recosts`: runs that book orders again after an input changed.

use super::changes::store_of;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::recost::{RecostCause, RecostRun};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recost)]
pub(crate) struct RecostBody {
    #[schema(format = "uuid")]
    id: String,
    /// `queued`, `running`, `cancelling`, `cancelled`, `succeeded`, `failed`.
    status: String,
    /// `inputs`: something was changed; `upgrade`: a new version books all orders again.
    cause: String,
    /// What was changed.
    summary: String,
    looked_at: u64,
    /// Orders whose entries changed.
    changed: u64,
    total: Option<u64>,
    /// Whether the change can still be taken back.
    can_cancel: bool,
    /// A cancellation has put the old values back, and the orders follow.
    reverting: bool,
    resumed: u32,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    error: Option<String>,
}

impl RecostBody {
    pub(crate) fn of(run: &RecostRun) -> Self {
        let cause = match run.cause {
            RecostCause::Inputs => "inputs",
            RecostCause::Upgrade => "upgrade",
            RecostCause::Rates => "rates",
        };
        Self {
            id: run.id.to_string(),
            status: run.status.as_str().to_owned(),
            cause: cause.to_owned(),
            summary: run.summary.clone(),
            looked_at: run.looked_at,
            changed: run.changed,
            total: run.total,
            can_cancel: run.status.is_open() && !run.inverse.is_empty() && !run.reverting,
            reverting: run.reverting,
            resumed: run.resumed,
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            error: run.error.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecostList)]
pub(crate) struct ListBody {
    /// Newest first.
    recosts: Vec<RecostBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/recosts", operation_id = "recosts", tag = "costs",
    summary = "Runs that book orders again, newest first",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let store = store_of(&app, &who, query.store_id.as_deref()).await?;
    let page = app.costs.runs(&store, &page).await?;
    Ok(web::Json(ListBody {
        recosts: page.items.iter().map(RecostBody::of).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}

#[utoipa::path(
    get, path = "/v1/recosts/{id}", operation_id = "recost", tag = "costs",
    summary = "One run",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = RecostBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<RecostBody>, Problem> {
    let id = own_id(&id, "run")?;
    let run = app.costs.run_of(who.workspace.id, id).await?;
    let run = run.ok_or_else(|| Problem::not_found("run"))?;
    Ok(web::Json(RecostBody::of(&run)))
}

#[utoipa::path(
    post, path = "/v1/recosts/{id}/cancel", operation_id = "cancel_recost", tag = "costs",
    summary = "Takes the change back: the old values stand again, and the orders follow",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 200, body = RecostBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it has ended, or has nothing of its own to take back"),
    )
)]
pub(crate) async fn cancel(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<RecostBody>, Problem> {
    let run = app
        .costs
        .cancel(who.workspace.id, own_id(&id, "run")?)
        .await?;
    Ok(web::Json(RecostBody::of(&run)))
}

#[utoipa::path(
    post, path = "/v1/recosts/{id}/resume", operation_id = "resume_recost", tag = "costs",
    summary = "A failed run goes on where it stopped",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 200, body = RecostBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it did not fail"),
    )
)]
pub(crate) async fn resume(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<RecostBody>, Problem> {
    let run = app
        .costs
        .resume(who.workspace.id, own_id(&id, "run")?)
        .await?;
    Ok(web::Json(RecostBody::of(&run)))
}
