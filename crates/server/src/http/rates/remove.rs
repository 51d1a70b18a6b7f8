//! `DELETE /v1/rates/{day}/{base}/{quote}`

use super::list::Source;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use domain::fx::RateSource;
use domain::money::Currency;
use ports::rates::RateKey;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// `entered` when left out.
    #[param(inline = false)]
    source: Option<Source>,
}

#[utoipa::path(
    delete, path = "/v1/rates/{day}/{base}/{quote}", operation_id = "remove_rate", tag = "rates",
    summary = "Removes an exchange rate; the next source of the day counts then",
    params(("day" = String, Path, format = "date"), ("base" = String, Path), ("quote" = String, Path), Query),
    responses((status = 204, description = "removed"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    path: web::Path<(String, String, String)>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let (day, base, quote) = path.into_inner();
    let nothing = || Problem::not_found("rate");
    let key = RateKey {
        day: day.parse::<NaiveDate>().map_err(|_| nothing())?,
        base: Currency::parse(&base).map_err(|_| nothing())?,
        quote: Currency::parse(&quote).map_err(|_| nothing())?,
        source: query.source.map_or(RateSource::Entered, Source::source),
    };
    let removed = app.rates.remove(who.workspace.id, who.actor(), key);
    if !removed.await? {
        return Err(nothing());
    }
    Ok(HttpResponse::NoContent().finish())
}
