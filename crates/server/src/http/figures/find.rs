//! `GET /v1/figures/{name}`

use super::view::PassportBody;
use crate::auth::Caller;
use crate::http::reports::query::FigureQuery;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/figures/{name}", operation_id = "figure", tag = "reports",
    summary = "A figure with its passport: formula, inputs, sources with times, coverage, how others define it, what is withheld and why",
    params(("name" = String, Path, description = "as in /v1/figures"), FigureQuery),
    responses((status = 200, body = PassportBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    name: web::Path<String>,
    query: web::Query<FigureQuery>,
) -> Result<web::Json<PassportBody>, Problem> {
    let asked = query.into_inner().range().asked(who.workspace.id)?;
    let found = app.reports.passport(&asked, &name).await?;
    let passport = found.ok_or_else(|| Problem::not_found("figure"))?;
    Ok(web::Json(PassportBody::of(&passport)))
}
