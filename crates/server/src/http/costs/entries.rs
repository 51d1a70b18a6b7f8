//! Lists of entries by kind, one put in its place, one taken away.

use super::changes::{ChangeBody, ResultBody, apply, read, store_of};
use super::entry::{Content, EntryBody, key_of};
use crate::auth::Caller;
use crate::http::paging;
use crate::http::products::list::range;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::NaiveDate;
use domain::inputs::{Expect, InputChange, InputKind};
use ports::inputs::InputQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// With `to`: only entries of these days (ad spend), or that begin on them (fixed costs).
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostEntryList)]
pub(crate) struct ListBody {
    entries: Vec<EntryBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
    currency: String,
}

/// An entry, and the revision that was looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCostEntry)]
pub(crate) struct PutBody {
    entry: Content,
    revision: Option<i64>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemoveQuery {
    /// The revision that was looked at.
    revision: Option<i64>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

async fn list(
    app: &App,
    who: &Caller,
    query: &Query,
    kind: InputKind,
) -> Result<web::Json<ListBody>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let store = store_of(app, who, query.store_id.as_deref()).await?;
    let calendar = store
        .calendar()
        .map_err(|e| Problem::bad_request(e.to_string()))?;
    let wanted = InputQuery {
        days: range(query.from, query.to)?,
        descending: kind == InputKind::AdSpend,
        ..InputQuery::of(kind)
    };
    let page = app.costs.list(&store, &wanted, &page).await?;
    Ok(web::Json(ListBody {
        entries: page
            .items
            .iter()
            .map(|record| EntryBody::of(record, &calendar))
            .collect(),
        total: page.total,
        next_cursor: page.next_cursor,
        currency: store.currency.to_string(),
    }))
}

macro_rules! lists {
    ($($name:ident $path:literal $id:literal $kind:ident $summary:literal;)+) => {$(
        #[utoipa::path(
            get, path = $path, operation_id = $id, tag = "costs", summary = $summary,
            params(Query), responses((status = 200, body = ListBody))
        )]
        pub(crate) async fn $name(
            app: web::Data<App>,
            who: Caller,
            query: web::Query<Query>,
        ) -> Result<web::Json<ListBody>, Problem> {
            list(&app, &who, &query, InputKind::$kind).await
        }
    )+};
}

lists! {
    shipping "/v1/shipping-costs" "shipping_costs" ShippingRate "The shipping table, by country and valid-from";
    fees "/v1/fee-rules" "fee_rules" FeeRule "Payment-fee rules by gateway";
    spend "/v1/spend" "spend" AdSpend "Ad spend by day, newest first";
    fixed "/v1/fixed-costs" "fixed_costs" FixedCost "Fixed costs, by their first day";
}

#[utoipa::path(
    put, path = "/v1/cost-entries", operation_id = "put_cost_entry", tag = "costs",
    summary = "Puts one entry of any kind in its place",
    request_body = PutBody,
    responses(
        (status = 200, body = ResultBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else changed it first"),
    )
)]
pub(crate) async fn put(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<PutBody>,
) -> Result<web::Json<ResultBody>, Problem> {
    let body = body.into_inner();
    let store = store_of(&app, &who, body.store_id.as_deref()).await?;
    let change = ChangeBody {
        entry: Some(body.entry),
        remove: None,
        revision: body.revision,
    };
    let changes = read(&app, &who, &store, &[change], false).await?;
    apply(&app, &who, &store, &changes, "cost_entry.set").await
}

#[utoipa::path(
    delete, path = "/v1/cost-entries/{id}", operation_id = "remove_cost_entry", tag = "costs",
    summary = "Takes one entry away",
    params(("id" = String, Path), RemoveQuery),
    responses(
        (status = 200, body = ResultBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else changed it first"),
    )
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<RemoveQuery>,
) -> Result<web::Json<ResultBody>, Problem> {
    let store = store_of(&app, &who, query.store_id.as_deref()).await?;
    let key = key_of(&id).ok_or_else(|| Problem::not_found("entry"))?;
    let expect = query.revision.map_or(Expect::Anything, Expect::Revision);
    let change = InputChange::remove(key).expecting(expect);
    if app.costs.standing_one(&store, &change.key).await?.is_none() {
        return Err(Problem::not_found("entry"));
    }
    apply(&app, &who, &store, &[change], "cost_entry.delete").await
}
