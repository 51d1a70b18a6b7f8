//! `GET /v1/orders`

use super::summary::SummaryBody;
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use chrono::NaiveDate;
use ports::orders::{OrderFlag, OrderQuery, OrderSort};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderFlag)]
pub(crate) enum Has {
    Refund,
    Cancelled,
    Edited,
    Test,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = OrderSort)]
pub(crate) enum Sort {
    #[serde(rename = "processed_at")]
    Oldest,
    #[default]
    #[serde(rename = "-processed_at")]
    Newest,
    #[serde(rename = "total")]
    Smallest,
    #[serde(rename = "-total")]
    Largest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderStatus)]
pub(crate) enum Status {
    Any,
    /// The same as `has=cancelled`.
    Cancelled,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// A part of the name, a SKU, a line's title, or an order's number.
    q: Option<String>,
    /// First local day of the sale.
    from: Option<NaiveDate>,
    /// Last local day of the sale, included.
    to: Option<NaiveDate>,
    status: Option<Status>,
    /// The provider's word, e.g. `paid`, `partially_refunded`.
    financial_status: Option<String>,
    fulfillment_status: Option<String>,
    channel: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Number or global id.
    product_id: Option<String>,
    has: Option<Has>,
    #[serde(default)]
    #[param(value_type = Option<Sort>)]
    sort: Sort,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderList)]
pub(crate) struct Body {
    orders: Vec<SummaryBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/orders", operation_id = "orders", tag = "orders",
    summary = "Orders with filters, search and pages",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let store = store_id(query.store_id.as_deref())?;
    let (_, page) = app
        .orders
        .list(who.workspace.id, store, &query.filters()?, &page)
        .await?;
    Ok(web::Json(Body {
        orders: page.items.iter().map(SummaryBody::of).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}

impl Query {
    fn filters(&self) -> Result<OrderQuery, Problem> {
        let product = paging::text(self.product_id.as_ref())
            .map(|id| {
                id.parse().map_err(|_| {
                    Problem::invalid(vec![FieldError::new(
                        "product_id",
                        "is not the number of a product",
                    )])
                })
            })
            .transpose()?;
        let cancelled = (self.status == Some(Status::Cancelled)).then_some(Has::Cancelled);
        Ok(OrderQuery {
            text: paging::text(self.q.as_ref()),
            from: self.from,
            to: self.to,
            financial_status: paging::text(self.financial_status.as_ref()),
            fulfillment_status: paging::text(self.fulfillment_status.as_ref()),
            channel: paging::text(self.channel.as_ref()),
            country: paging::text(self.country.as_ref()),
            product,
            customer: None,
            flag: self.has.or(cancelled).map(Has::flag),
            sort: self.sort.order(),
        })
    }
}

impl Has {
    const fn flag(self) -> OrderFlag {
        match self {
            Self::Refund => OrderFlag::Refunded,
            Self::Cancelled => OrderFlag::Cancelled,
            Self::Edited => OrderFlag::Edited,
            Self::Test => OrderFlag::Test,
        }
    }
}

impl Sort {
    const fn order(self) -> OrderSort {
        match self {
            Self::Oldest => OrderSort::OldestFirst,
            Self::Newest => OrderSort::NewestFirst,
            Self::Smallest => OrderSort::SmallestFirst,
            Self::Largest => OrderSort::LargestFirst,
        }
    }
}
