//! `POST /v1/forecasts/refresh`

use super::view::RunBody;
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ForecastRefresh)]
pub(crate) struct Body {
    /// The first one when left out.
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/forecasts/refresh", operation_id = "refresh_forecasts", tag = "inventory",
    summary = "Queues the making of forecasts, as each night does",
    request_body = Body,
    responses(
        (status = 202, body = RunBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "they are being made (`run_id`), or nothing was sold yet"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let store = store_id(body.store_id.as_deref())?;
    let run = app.forecasts.start(who.workspace.id, store).await?;
    let place = format!("/v1/forecasts/runs/{}", run.id);
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, place))
        .json(RunBody::of(&run)))
}
