//! `POST /v1/rates/refresh`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefreshedRates)]
pub(crate) struct Body {
    /// Rates that the series told, new or not.
    told: usize,
    /// Its newest day.
    newest: Option<NaiveDate>,
}

#[utoipa::path(
    post, path = "/v1/rates/refresh", operation_id = "refresh_rates", tag = "rates",
    summary = "Reads what is new in the published series now",
    responses(
        (status = 200, body = Body),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "no series is set up, or it cannot be read"),
    )
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let refreshed = app.rates.refresh(who.workspace.id).await?;
    Ok(web::Json(Body {
        told: refreshed.told,
        newest: refreshed.newest,
    }))
}
