//! `GET /v1/supplier-changes`

use super::view::{ChangeBody, KindBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use ports::suppliers::ChangeFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    kind: Option<KindBody>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    supplier_product_id: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierChangeList)]
pub(crate) struct Body {
    changes: Vec<ChangeBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/supplier-changes", operation_id = "supplier_changes", tag = "opportunities",
    summary = "What changed at connected suppliers, the newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let product = query.supplier_product_id.as_deref();
    let product = product.filter(|id| !id.is_empty());
    let filter = ChangeFilter {
        product: product
            .map(|id| own_id(id, "supplier product"))
            .transpose()?,
        kind: query.kind.map(|kind| kind.as_str().to_owned()),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let id = store_id(query.store_id.as_deref())?;
    let store = app.suppliers.store(who.workspace.id, id).await?;
    let found = app.suppliers.changes(&store, &filter, &page).await?;
    Ok(web::Json(Body {
        changes: found.items.iter().map(Into::into).collect(),
        total: found.total,
        next_cursor: found.next_cursor,
    }))
}
