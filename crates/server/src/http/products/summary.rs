//! A product in a list.

use crate::http::amounts::{amount, unit_amount};
use crate::http::reports::figures::Row;
use application::products::ProductView;
use domain::catalog::Variant;
use domain::money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// Amounts are in the currency of the store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductSummary)]
pub(crate) struct SummaryBody {
    /// The provider's number.
    id: String,
    title: String,
    vendor: Option<String>,
    product_type: Option<String>,
    status: String,
    image_url: Option<String>,
    variants_count: usize,
    price_min: Option<String>,
    price_max: Option<String>,
    /// Over the variants whose cost is known.
    cost_min: Option<String>,
    cost_max: Option<String>,
    variants_without_cost: usize,
    /// Sum over the variants that are counted; null when none is.
    inventory: Option<i64>,
    /// Grows by one with each applied change.
    version: i64,
    /// In the asked range; null without a range or without sales.
    performance: Option<Row>,
}

impl SummaryBody {
    pub(crate) fn of(view: &ProductView, currency: Currency) -> Self {
        let product = &view.stored.product;
        let variants = &product.variants;
        let prices = || variants.iter().map(|v| v.price);
        let costs = || variants.iter().filter_map(|v| cost(v, currency));
        let counted = || variants.iter().filter_map(|v| v.inventory_quantity);
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        Self {
            id: product.id.to_string(),
            title: product.title.clone(),
            vendor: some(&product.vendor),
            product_type: some(&product.product_type),
            status: product.status.clone(),
            image_url: product.image_url.clone(),
            variants_count: variants.len(),
            price_min: prices().min().map(|p| amount(p, currency)),
            price_max: prices().max().map(|p| amount(p, currency)),
            cost_min: costs().min().map(|c| unit_amount(c, currency)),
            cost_max: costs().max().map(|c| unit_amount(c, currency)),
            variants_without_cost: variants.iter().filter(|v| v.unit_cost.is_none()).count(),
            inventory: counted().next().is_some().then(|| counted().sum()),
            version: view.stored.version,
            performance: view.performance.as_ref().map(|row| Row {
                label: product.title.clone(),
                ..Row::of(row, currency)
            }),
        }
    }
}

/// A cost in another currency than the store's cannot be compared with the others.
fn cost(variant: &Variant, currency: Currency) -> Option<rust_decimal::Decimal> {
    variant
        .unit_cost
        .filter(|c| c.currency == currency)
        .map(|c| c.amount)
}
