//! `GET /v1/figures/{name}`

use super::view::PassportBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::reports::query::FigureQuery;
use crate::problem::FieldError;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::reports::Subject;
use serde::Deserialize;
use utoipa::IntoParams;

/// Of what the figure is, when it is not of all sales.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfQuery {
    /// Of this product alone: the provider's number or its global id.
    product_id: Option<String>,
    /// Of this order alone, over all of its days.
    order_id: Option<String>,
}

impl OfQuery {
    fn subject(&self) -> Result<Subject, Problem> {
        match (self.product_id.as_deref(), self.order_id.as_deref()) {
            (None, None) => Ok(Subject::All),
            (Some(id), None) => Ok(Subject::Product(own_id(id, "product")?)),
            (None, Some(id)) => Ok(Subject::Order(own_id(id, "order")?)),
            (Some(_), Some(_)) => {
                let message = "is one or the other: a figure of a product or of an order";
                Err(Problem::invalid(vec![FieldError::new("order_id", message)]))
            }
        }
    }
}

#[utoipa::path(
    get, path = "/v1/figures/{name}", operation_id = "figure", tag = "reports",
    summary = "A figure with its passport: formula, inputs, sources with times, coverage, how others define it, what is withheld and why",
    params(("name" = String, Path, description = "as in /v1/figures"), FigureQuery, OfQuery),
    responses((status = 200, body = PassportBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    name: web::Path<String>,
    query: web::Query<FigureQuery>,
    of: web::Query<OfQuery>,
) -> Result<web::Json<PassportBody>, Problem> {
    let subject = of.subject()?;
    let asked = query.into_inner().range().asked(who.workspace.id)?;
    let found = app.reports.passport(&asked, subject, &name).await?;
    let passport = found.ok_or_else(|| Problem::not_found("figure"))?;
    Ok(web::Json(PassportBody::of(&passport)))
}
