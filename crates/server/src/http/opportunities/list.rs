//! `GET /v1/opportunities`

use super::view::{OpportunityBody, StatusBody};
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use ports::opportunities::OpportunityFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    status: Option<StatusBody>,
    /// At least this score.
    #[param(minimum = 0, maximum = 100)]
    score: Option<u32>,
    /// At least this margin, in percent.
    #[param(minimum = 0, maximum = 100)]
    margin: Option<u32>,
    /// ISO 3166-1 alpha-2: offers that are sent there, or everywhere.
    #[param(value_type = Option<String>, pattern = "^([a-zA-Z]{2})?$")]
    ships_to: Option<String>,
    /// The whole name, in whatever case.
    supplier: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpportunityList)]
pub(crate) struct Body {
    /// By the lower end of the interval of the score, the highest first.
    opportunities: Vec<OpportunityBody>,
    /// Of those that the filters leave.
    total: Option<u64>,
    /// Of all that wait for a decision in the store.
    high_potential: u64,
    next_cursor: Option<String>,
    timestamp: DateTime<Utc>,
}

fn filter(query: &Query) -> Result<OpportunityFilter, Problem> {
    let mut errors = Vec::new();
    for (field, value) in [("score", query.score), ("margin", query.margin)] {
        if value.is_some_and(|v| v > 100) {
            errors.push(FieldError::new(field, "must be from 0 to 100"));
        }
    }
    let country = paging::text(query.ships_to.as_ref());
    let is_code = |c: &String| c.len() == 2 && c.bytes().all(|b| b.is_ascii_alphabetic());
    if country.as_ref().is_some_and(|c| !is_code(c)) {
        let message = "is no country (two letters of ISO 3166)";
        errors.push(FieldError::new("ships_to", message));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    Ok(OpportunityFilter {
        watch: query.status.map(Into::into),
        score: query.score.map(|s| i64::from(s) * 100),
        margin: query.margin.map(|m| i64::from(m) * 100),
        ships_to: country,
        supplier: paging::text(query.supplier.as_ref()),
    })
}

#[utoipa::path(
    get, path = "/v1/opportunities", operation_id = "opportunities", tag = "opportunities",
    summary = "Products that could be sold, the best first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let filter = filter(&query)?;
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let id = store_id(query.store_id.as_deref())?;
    let store = app.opportunities.store(who.workspace.id, id).await?;
    let found = app.opportunities.list(&store, &filter, &page).await?;
    let sums = app.opportunities.sums(&store).await?;
    let now = app.now();
    let opportunities = found.items.iter().map(|one| OpportunityBody::of(one, now));
    Ok(web::Json(Body {
        opportunities: opportunities.collect(),
        total: found.total,
        high_potential: sums.high,
        next_cursor: found.next_cursor,
        timestamp: now,
    }))
}
