//! `GET /v1/supplier-offers`, `GET` and `POST /v1/supplier-orders`, `POST /v1/supplier-orders/{id}/cancel`

use super::view::{OfferBody, OrderBody, StateBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::supply::SupplyWish;
use domain::changes::ChangeSet;
use ports::supplier_book::SupplierOrderFilter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

const TOLERANCE: u16 = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfferQuery {
    #[param(pattern = "^[0-9]{1,18}$")]
    order_id: String,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    #[param(value_type = Option<String>, pattern = "^([0-9]{1,18})?$")]
    order_id: Option<String>,
    state: Option<StateBody>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierOrderList)]
pub(crate) struct ListBody {
    supplier_orders: Vec<OrderBody>,
    currency: String,
    total: Option<u64>,
    next_cursor: Option<String>,
}

/// By which mapping a line is had.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierOrderWishLine)]
pub(crate) struct LineBody {
    line_id: String,
    /// The best one when left out.
    #[schema(format = "uuid")]
    mapping_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSupplierOrder)]
pub(crate) struct Body {
    order_id: String,
    /// Only these; all that can be had when left out.
    lines: Option<Vec<LineBody>>,
    /// Hundredths of a percent of the quote by which it may be dearer; 200 when left out.
    #[schema(maximum = 1000)]
    tolerance_bp: Option<u16>,
    /// Also where it costs more than the lines were sold for.
    #[serde(default)]
    accepts_loss: bool,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProposedSupplierOrder)]
pub(crate) struct ProposedBody {
    /// What has to be approved then.
    #[schema(format = "uuid")]
    change_set_id: String,
    title: String,
}

fn refused(field: &'static str) -> Problem {
    let errors = vec![FieldError::new(field, "is no id")];
    Problem::unprocessable("supply-refused", errors)
}

#[utoipa::path(
    get, path = "/v1/supplier-offers", operation_id = "supplier_offers", tag = "opportunities",
    summary = "What suppliers ask for the lines of an order now, the best way first; every supplier is asked for it",
    params(OfferQuery),
    responses((status = 200, body = OfferBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn offers(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<OfferQuery>,
) -> Result<web::Json<OfferBody>, Problem> {
    let order = own_id(&query.order_id, "order")?;
    let id = store_id(query.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, id).await?;
    let offer = app.supply.offers(&store, order).await?;
    Ok(web::Json(OfferBody::of(&offer, store.currency)))
}

#[utoipa::path(
    get, path = "/v1/supplier-orders", operation_id = "supplier_orders", tag = "opportunities",
    summary = "What suppliers send to buyers, the newest first",
    params(ListQuery),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<ListQuery>,
) -> Result<web::Json<ListBody>, Problem> {
    let order = query.order_id.as_deref().filter(|id| !id.is_empty());
    let filter = SupplierOrderFilter {
        order: order.map(|id| own_id(id, "order")).transpose()?,
        state: query.state.map(Into::into),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let id = store_id(query.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, id).await?;
    let found = app.supply.orders(&store, &filter, &page).await?;
    let orders = found.items.iter();
    Ok(web::Json(ListBody {
        supplier_orders: orders.map(|o| OrderBody::of(o, store.currency)).collect(),
        currency: store.currency.to_string(),
        total: found.total,
        next_cursor: found.next_cursor,
    }))
}

#[utoipa::path(
    post, path = "/v1/supplier-orders", operation_id = "propose_supplier_order", tag = "opportunities",
    summary = "Proposes to have a supplier send lines of an order; nothing is asked of it before the change-set is approved",
    request_body = Body,
    responses(
        (status = 201, body = ProposedBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the store has no connection"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a line is held, refunded, sent, not mapped or would lose; `errors` says which and why"),
    )
)]
pub(crate) async fn create(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let order = body.order_id.parse().map_err(|_| refused("order_id"))?;
    let store = store_id(body.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, store).await?;
    let mut by = BTreeMap::new();
    let lines = match body.lines {
        None => None,
        Some(lines) => {
            let mut ids = Vec::new();
            for line in lines {
                let id = line.line_id.parse().map_err(|_| refused("lines"))?;
                if let Some(mapping) = line.mapping_id {
                    let mapping = mapping.parse().map_err(|_| refused("lines"))?;
                    by.insert(id, mapping);
                }
                ids.push(id);
            }
            Some(ids)
        }
    };
    let wish = SupplyWish {
        lines,
        by,
        tolerance: body.tolerance_bp.unwrap_or(TOLERANCE),
        accepts_loss: body.accepts_loss,
    };
    let set = app
        .supply
        .propose(&store, order, wish, &who.actor())
        .await?;
    Ok(proposed(set))
}

fn proposed(set: ChangeSet) -> HttpResponse {
    let place = format!("/v1/change-sets/{}", set.id);
    HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(ProposedBody {
            change_set_id: set.id.to_string(),
            title: set.title,
        })
}

#[utoipa::path(
    post, path = "/v1/supplier-orders/{id}/cancel", operation_id = "call_off_supplier_order", tag = "opportunities",
    summary = "Proposes to call off an order that stands unpaid at its supplier; the supplier hears of it once the change-set is approved",
    params(("id" = String, Path)),
    responses(
        (status = 201, body = ProposedBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the store has no connection"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is paid, still being placed, or its supplier cannot do it; `errors` says which"),
    )
)]
pub(crate) async fn call_off(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "supplier order")?;
    let order = app.supply.order(who.workspace.id, id).await?;
    let store = Some(order.scope.store);
    let store = app.supply.store(who.workspace.id, store).await?;
    let set = app.supply.call_off(&store, id, &who.actor()).await?;
    Ok(proposed(set))
}
