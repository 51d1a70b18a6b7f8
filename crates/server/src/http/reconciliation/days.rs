//! `GET /v1/reconciliation`

use super::view::{DayBody, RunBody, SummaryBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::NaiveDate;
use domain::ids::StoreId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// First local day; thirty days before the last without.
    from: Option<NaiveDate>,
    /// Last local day, included; today without.
    to: Option<NaiveDate>,
    #[param(value_type = Option<String>, format = "uuid")]
    store: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reconciliation)]
pub(crate) struct Body {
    #[schema(format = "uuid")]
    store_id: String,
    store_name: String,
    currency: String,
    timezone: String,
    from: NaiveDate,
    to: NaiveDate,
    summary: SummaryBody,
    /// Latest results, oldest day first; a day that was never checked is left out.
    days: Vec<DayBody>,
    /// Days of the range that were checked.
    total: Option<u64>,
    next_cursor: Option<String>,
    latest_run: Option<RunBody>,
}

pub(super) fn store(text: Option<&str>) -> Result<Option<StoreId>, Problem> {
    text.map(|id| own_id(id, "store")).transpose()
}

#[utoipa::path(
    get, path = "/v1/reconciliation", operation_id = "reconciliation", tag = "reconciliation",
    summary = "Our daily totals against the provider's own",
    params(Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let wanted = store(query.store.as_deref())?;
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let service = &app.reconciliations;
    let (store, range, days) = service
        .days(who.workspace.id, wanted, query.from, query.to)
        .await?;
    let summary = service.summary(&store, range).await?;
    let latest = service.latest(&store).await?;
    let page = paging::slice(days, &page, |checked| checked.result.day.to_string())?;
    Ok(web::Json(Body {
        store_id: store.scope.store.to_string(),
        store_name: store.name.clone(),
        currency: store.currency.to_string(),
        timezone: store.timezone.clone(),
        from: range.from,
        to: range.to,
        summary: SummaryBody::of(&summary, store.currency),
        days: page.items.iter().map(DayBody::of).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
        latest_run: latest.as_ref().map(RunBody::of),
    }))
}
