//! `GET /v1/products`

use super::summary::SummaryBody;
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::products::{ByEarned, Earned};
use chrono::NaiveDate;
use domain::calendar::DayRange;
use ports::catalog::{ProductQuery, ProductSort};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CostFilter)]
pub(crate) enum Cost {
    /// At least one variant without cost.
    Missing,
    /// None without.
    Known,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = ProductSort)]
pub(crate) enum Sort {
    #[default]
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "-created_at")]
    Newest,
    /// The next six need a range; what is not known stands last.
    #[serde(rename = "units")]
    FewestUnits,
    #[serde(rename = "-units")]
    MostUnits,
    #[serde(rename = "net_sales")]
    LeastSales,
    #[serde(rename = "-net_sales")]
    MostSales,
    #[serde(rename = "net_profit")]
    LeastProfit,
    #[serde(rename = "-net_profit")]
    MostProfit,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// A part of title, vendor, type or a SKU, or a product's number.
    q: Option<String>,
    /// The provider's word: `active`, `draft`, `archived` …
    status: Option<String>,
    cost: Option<Cost>,
    #[serde(default)]
    #[param(value_type = Option<Sort>)]
    sort: Sort,
    /// With `to`: adds what each product earned in these days.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductList)]
pub(crate) struct Body {
    products: Vec<SummaryBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
    currency: String,
}

#[utoipa::path(
    get, path = "/v1/products", operation_id = "products", tag = "products",
    summary = "Products with filters, search and pages, and what they earned in a range",
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
    let filters = ProductQuery {
        text: paging::text(query.q.as_ref()),
        status: paging::text(query.status.as_ref()),
        cost_missing: query.cost.map(|c| c == Cost::Missing),
        ids: None,
        sort: match query.sort {
            Sort::Newest => ProductSort::NewestFirst,
            _ => ProductSort::Title,
        },
    };
    let range = range(query.from, query.to)?;
    let workspace = who.workspace.id;
    let products = &app.products;
    let (store, page) = match (query.sort.earned(), range) {
        (None, range) => {
            products
                .list(workspace, store, &filters, range, &page)
                .await?
        }
        (Some(by), Some(range)) => {
            products
                .ranked(workspace, store, &filters, (range, by), &page)
                .await?
        }
        (Some(_), None) => {
            let message = "needs from and to: what a product earned is told for a range";
            return Err(Problem::invalid(vec![FieldError::new("sort", message)]));
        }
    };
    Ok(web::Json(Body {
        products: page
            .items
            .iter()
            .map(|v| SummaryBody::of(v, store.currency))
            .collect(),
        total: page.total,
        next_cursor: page.next_cursor,
        currency: store.currency.to_string(),
    }))
}

impl Sort {
    const fn earned(self) -> Option<ByEarned> {
        let (figure, descending) = match self {
            Self::Title | Self::Newest => return None,
            Self::FewestUnits => (Earned::Units, false),
            Self::MostUnits => (Earned::Units, true),
            Self::LeastSales => (Earned::NetSales, false),
            Self::MostSales => (Earned::NetSales, true),
            Self::LeastProfit => (Earned::NetProfit, false),
            Self::MostProfit => (Earned::NetProfit, true),
        };
        Some(ByEarned { figure, descending })
    }
}

/// Both ends or none.
pub(crate) fn range(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Option<DayRange>, Problem> {
    let invalid = |field, message: String| Problem::invalid(vec![FieldError::new(field, message)]);
    match (from, to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => DayRange::new(from, to)
            .map(Some)
            .map_err(|e| invalid("to", e.to_string())),
        (Some(_), None) => Err(invalid("to", "is needed together with from".to_owned())),
        (None, Some(_)) => Err(invalid("from", "is needed together with to".to_owned())),
    }
}
