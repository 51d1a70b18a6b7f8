//! `GET /v1/purchase-orders`

use super::view::{OrderBody, StatusBody};
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use ports::purchases::PurchaseFilter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    status: Option<StatusBody>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    supplier: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOrderList)]
pub(crate) struct Body {
    /// Newest first.
    purchase_orders: Vec<OrderBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/purchase-orders", operation_id = "purchase_orders", tag = "inventory",
    summary = "Orders of goods, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let supplier = query.supplier.as_deref().filter(|s| !s.is_empty());
    let supplier = supplier.map(str::parse).transpose().map_err(|_| {
        let message = "is not the id of a supplier";
        Problem::invalid(vec![FieldError::new("supplier", message)])
    })?;
    let filter = PurchaseFilter {
        store: store_id(query.store_id.as_deref())?,
        status: query.status.map(Into::into),
        supplier,
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app.purchases.list(who.workspace.id, &filter, &page).await?;
    let mut purchase_orders = Vec::with_capacity(page.items.len());
    let mut limits = BTreeMap::new();
    for order in &page.items {
        let store = order.scope.store;
        let limits = match limits.entry(store) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(app.purchases.limits(who.workspace.id, store).await?),
        };
        purchase_orders.push(OrderBody::within(&who, order, limits));
    }
    Ok(web::Json(Body {
        purchase_orders,
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}
