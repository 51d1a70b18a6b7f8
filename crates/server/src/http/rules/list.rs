//! `GET /v1/rules`

use super::refused;
use super::view::{FigureSpecBody, RuleBody, figures};
use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleList)]
pub(crate) struct Body {
    /// By name.
    rules: Vec<RuleBody>,
    total: u64,
    /// What conditions can ask for, in the order in which it is shown.
    figures: Vec<FigureSpecBody>,
    /// In which amounts are.
    currency: String,
    /// In which schedules are read.
    timezone: String,
}

#[utoipa::path(
    get, path = "/v1/rules", operation_id = "list_rules", tag = "agents",
    summary = "Rules of a store",
    params(Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = query.pick(&app, &who).await?;
    let rules = app.agents.rules(&store).await.map_err(refused)?;
    Ok(web::Json(Body {
        total: rules.len() as u64,
        rules: rules.iter().map(RuleBody::of).collect(),
        figures: figures(),
        currency: store.currency.to_string(),
        timezone: store.timezone,
    }))
}
