//! `GET /v1/supplier-products`

use super::view::{PlatformBody, ProductBody};
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use ports::suppliers::OfferFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    platform: Option<PlatformBody>,
    /// The whole name, in whatever case.
    supplier: Option<String>,
    /// A part of title, SKU or the supplier's id.
    q: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierProductList)]
pub(crate) struct Body {
    supplier_products: Vec<ProductBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/supplier-products", operation_id = "supplier_products", tag = "opportunities",
    summary = "What suppliers offer",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let filter = OfferFilter {
        platform: query.platform.map(Into::into),
        supplier: paging::text(query.supplier.as_ref()),
        text: paging::text(query.q.as_ref()),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let id = store_id(query.store_id.as_deref())?;
    let store = app.opportunities.store(who.workspace.id, id).await?;
    let found = app.opportunities.offers(&store, &filter, &page).await?;
    Ok(web::Json(Body {
        supplier_products: found.items.iter().map(Into::into).collect(),
        total: found.total,
        next_cursor: found.next_cursor,
    }))
}
