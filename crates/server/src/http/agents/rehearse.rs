//! `POST /v1/agents/{id}/rehearsals`

use super::store::Query;
use crate::auth::Caller;
use crate::http::runs::view::RunBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewRehearsal)]
pub(crate) struct Body {
    /// First local day of the store.
    from: NaiveDate,
    /// Last local day, included; it is over.
    to: NaiveDate,
}

#[utoipa::path(
    post, path = "/v1/agents/{id}/rehearsals", operation_id = "rehearse_agent", tag = "agents",
    summary = "Queues a rehearsal: what the policy, as it is set, would have done on past days",
    params(("id" = String, Path), Query),
    request_body = Body,
    responses(
        (status = 201, body = RunBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "one is under way: `run_id` names it"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the days lie outside the store's orders, or are more than 366"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let store = query.pick(&app, &who).await?;
    let run = app
        .agents
        .rehearse(&store, &id, body.from, body.to, who.actor())
        .await?;
    let names = app.agents.names(who.workspace.id).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/runs/{}", run.id)))
        .json(RunBody::of(&run, store.currency, &names)))
}
