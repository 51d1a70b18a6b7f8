//! `GET /v1/orders/{id}`

use super::detail::{CustomerBody, DetailBody};
use super::ledger::{ChecksBody, EntryBody, entries};
use crate::auth::Caller;
use crate::http::costs::unknown::{ConversionOfOrder, GapOfOrder};
use crate::http::ids::own_id;
use crate::http::reports::figures::Row;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::orders::order_figures;
use application::reports::ReportRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only in this store; in all stores of the workspace when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderAnswer)]
pub(crate) struct Body {
    order: DetailBody,
    /// In the order of time.
    ledger: Vec<EntryBody>,
    ledger_totals: Row,
    checks: ChecksBody,
    /// Costs that nobody knows, each with its reason.
    unknown_costs: Vec<GapOfOrder>,
    /// Costs that were told in another currency, each with the rate of the day by which it was converted.
    converted_costs: Vec<ConversionOfOrder>,
}

#[utoipa::path(
    get, path = "/v1/orders/{id}", operation_id = "order", tag = "orders",
    summary = "An order with its ledger, held against the provider's own total",
    params(("id" = String, Path, description = "the provider's number, or its global id (`gid://shopify/Order/…`) as one percent-encoded segment"), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = own_id(&id, "order")?;
    let store = store_id(query.store_id.as_deref())?;
    let found = app.orders.find(who.workspace.id, store, id).await?;
    let (store, stored) = found.ok_or_else(|| Problem::not_found("order"))?;
    let customer = match stored.order.customer {
        Some(id) => Some(CustomerBody {
            id: id.to_string(),
            orders_count: app
                .orders
                .customer(&store, id)
                .await?
                .and_then(|c| c.orders_count),
        }),
        None => None,
    };
    let known = app.costs.known_of(&store, &stored.order).await?;
    let figures = order_figures(&stored);
    let total = ReportRow::new(id.to_string(), stored.order.name.clone(), figures.measures);
    Ok(web::Json(Body {
        order: DetailBody::of(&stored, customer),
        ledger: entries(&stored),
        ledger_totals: Row::of(&total, stored.order.currency),
        checks: ChecksBody::of(&stored),
        unknown_costs: GapOfOrder::all(&known),
        converted_costs: ConversionOfOrder::all(&known),
    }))
}
