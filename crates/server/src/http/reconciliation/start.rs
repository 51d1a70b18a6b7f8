//! `POST /v1/reconciliation/runs`

use super::days::store;
use super::view::RunBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewReconciliation)]
pub(crate) struct Body {
    #[schema(format = "uuid")]
    store_id: Option<String>,
    /// First local day; thirty days before the last without.
    from: Option<NaiveDate>,
    /// Last local day, included; today without.
    to: Option<NaiveDate>,
}

#[utoipa::path(
    post, path = "/v1/reconciliation/runs", operation_id = "start_reconciliation", tag = "reconciliation",
    summary = "Queues a comparison of days",
    request_body = Body,
    responses(
        (status = 202, body = RunBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "one is under way"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let wanted = store(body.store_id.as_deref())?;
    let run = app
        .reconciliations
        .start(who.workspace.id, wanted, body.from, body.to)
        .await?;
    Ok(HttpResponse::Accepted()
        .insert_header((
            header::LOCATION,
            format!("/v1/reconciliation/runs/{}", run.id),
        ))
        .json(RunBody::of(&run)))
}
