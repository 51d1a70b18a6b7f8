//! `GET /v1/products/{id}`

use super::list::range;
use super::summary::SummaryBody;
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount, unit_amount};
use crate::http::ids::own_id;
use crate::http::reports::figures::{Row, SeriesRow};
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::products::ProductDetail;
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalog::{CostBook, CostRecord, CostSource, CostStep, Variant};
use domain::ids::VariantId;
use domain::money::Currency;
use domain::prices::PriceRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// With `to`: adds what the product earned in these days, as a sum and day by day.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// Only in this store; in all stores of the workspace when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Variant)]
pub(crate) struct VariantBody {
    id: String,
    title: String,
    sku: Option<String>,
    price: String,
    compare_at_price: Option<String>,
    /// What a unit costs now; null is unknown, which is not zero.
    unit_cost: Option<String>,
    /// In which it is told.
    cost_currency: Option<String>,
    /// `store`: the store's own record of the variant.
    cost_source: Option<String>,
    /// Null for a cost that counts for all earlier sales too.
    cost_valid_from: Option<DateTime<Utc>>,
    inventory: Option<i64>,
    /// Null when the provider does not say whether it counts the stock.
    tracked: Option<bool>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductDetail)]
pub(crate) struct DetailBody {
    #[serde(flatten)]
    summary: SummaryBody,
    tags: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    observed_at: DateTime<Utc>,
    variants: Vec<VariantBody>,
}

/// What a unit cost over all sources, until the next step of its variant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostStep)]
pub(crate) struct CostStepBody {
    variant_id: String,
    /// Null: from here on the cost is unknown.
    unit_cost: Option<String>,
    currency: Option<String>,
    /// `store`, `sheet`, `supplier` …; null where no source knew a cost.
    source: Option<String>,
    /// Null: since ever.
    valid_from: Option<DateTime<Utc>>,
}

/// A price that was seen, and stood until the next record of its variant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceStep)]
pub(crate) struct PriceStep {
    variant_id: String,
    price: String,
    compare_at_price: Option<String>,
    /// When it was first seen; what the price was before that is not known.
    seen_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductAnswer)]
pub(crate) struct Body {
    product: DetailBody,
    currency: String,
    performance: Option<Row>,
    /// Days of the range on which it was sold or taken back, oldest first.
    series: Vec<SeriesRow>,
    /// What each variant earned in the range; those of which nothing was sold are left out.
    variants_performance: Vec<Row>,
    /// Oldest first.
    costs: Vec<CostStepBody>,
    /// Oldest first.
    prices: Vec<PriceStep>,
}

#[utoipa::path(
    get, path = "/v1/products/{id}", operation_id = "product", tag = "products",
    summary = "A product with its variants, their costs, and what it earned",
    params(("id" = String, Path, description = "the provider's number, or its global id as one percent-encoded segment"), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = own_id(&id, "product")?;
    let store = store_id(query.store_id.as_deref())?;
    let range = range(query.from, query.to)?;
    let found = app
        .products
        .find(who.workspace.id, store, id, range)
        .await?;
    let (store, detail) = found.ok_or_else(|| Problem::not_found("product"))?;
    Ok(web::Json(Body::of(&detail, store.currency, app.now())))
}

impl Body {
    fn of(detail: &ProductDetail, currency: Currency, now: DateTime<Utc>) -> Self {
        let stored = &detail.view.stored;
        let product = &stored.product;
        let book = CostBook::new(detail.costs.iter().cloned());
        let variant = |v: &Variant| VariantBody::of(v, book.record_at(v.id, now), currency);
        Self {
            product: DetailBody {
                summary: SummaryBody::of(&detail.view, currency),
                tags: product.tags.clone(),
                created_at: product.created_at,
                updated_at: product.updated_at,
                observed_at: stored.observed_at,
                variants: product.variants.iter().map(variant).collect(),
            },
            currency: currency.to_string(),
            performance: detail
                .view
                .performance
                .as_ref()
                .map(|r| Row::of(r, currency)),
            series: detail
                .series
                .iter()
                .map(|r| SeriesRow::of(r, currency))
                .collect(),
            variants_performance: detail
                .variants
                .iter()
                .map(|r| Row::of(r, currency))
                .collect(),
            costs: product
                .variants
                .iter()
                .flat_map(|v| {
                    book.steps(v.id)
                        .into_iter()
                        .map(|s| CostStepBody::of(v.id, &s))
                })
                .collect(),
            prices: detail
                .prices
                .iter()
                .map(|p| PriceStep::of(p, currency))
                .collect(),
        }
    }
}

impl CostStepBody {
    fn of(variant: VariantId, step: &CostStep<'_>) -> Self {
        let cost = step.record.and_then(|r| r.cost);
        Self {
            variant_id: variant.to_string(),
            unit_cost: cost.map(|c| unit_amount(c.amount, c.currency)),
            currency: cost.map(|c| c.currency.to_string()),
            source: step.record.map(|r| source(r.source).to_owned()),
            valid_from: step.from,
        }
    }
}

impl PriceStep {
    fn of(record: &PriceRecord, currency: Currency) -> Self {
        Self {
            variant_id: record.variant.to_string(),
            price: amount(record.price, currency),
            compare_at_price: optional_amount(record.compare_at_price, currency),
            seen_at: record.seen_at,
        }
    }
}

impl VariantBody {
    fn of(variant: &Variant, record: Option<&CostRecord>, currency: Currency) -> Self {
        let known = record.filter(|r| r.cost.is_some());
        let cost = known.and_then(|r| r.cost).or(variant.unit_cost);
        Self {
            id: variant.id.to_string(),
            title: variant.title.clone(),
            sku: variant.sku.clone(),
            price: amount(variant.price, currency),
            compare_at_price: optional_amount(variant.compare_at_price, currency),
            unit_cost: cost.map(|c| unit_amount(c.amount, c.currency)),
            cost_currency: cost.map(|c| c.currency.to_string()),
            cost_source: known.map(|r| source(r.source).to_owned()),
            cost_valid_from: known.and_then(|r| r.valid_from),
            inventory: variant.inventory_quantity,
            tracked: variant.tracked,
        }
    }
}

pub(crate) const fn source(source: CostSource) -> &'static str {
    match source {
        CostSource::Default => "default",
        CostSource::Store => "store",
        CostSource::Sheet => "sheet",
        CostSource::Supplier => "supplier",
        CostSource::Line => "line",
    }
}
