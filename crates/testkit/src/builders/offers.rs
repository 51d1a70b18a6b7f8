//! What suppliers offer, and what is made of it.

use super::{at, currency};
use chrono::{DateTime, Utc};
use domain::ids::{ImportId, StoreScope};
use domain::opportunity::{
    FeeModel, Figure, Opportunity, OwnFacts, ScoreSettings, TrendAbout, TrendPoint, TrendSeries,
    assess,
};
use domain::supplier::{
    Heard, OfferRow, Platform, PricePoint, PriceRange, SupplierProduct, Teller,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A later import for a larger number.
#[must_use]
pub fn heard(import: u32) -> Heard {
    Heard {
        observed_at: at("2026-02-01T08:00:00Z") + chrono::Duration::minutes(i64::from(import)),
        by: Teller::File {
            import: ImportId(Uuid::from_u128(u128::from(import))),
            sha256: format!("{import:064x}"),
        },
    }
}

/// Of a supplier `Acme`: product and SKU by number, in dollars, with shipping for nothing to everywhere.
#[must_use]
pub fn offer_row(number: u32, cost: i64) -> OfferRow {
    OfferRow {
        platform: Platform::Autods,
        supplier: Some("Acme".to_owned()),
        external_id: Some(format!("P-{number}")),
        sku: Some(format!("SKU-{number}")),
        barcode: None,
        url: None,
        title: Some(format!("Lamp {number}")),
        name: None,
        ships_from: None,
        currency: Some(currency("USD")),
        cost: Some(PriceRange::of(Decimal::from(cost))),
        sell_price: Some(PriceRange::of(Decimal::from(20))),
        shipping_cost: Some(PriceRange::of(Decimal::ZERO)),
        duties: None,
        stock: None,
        processing: None,
        ship_days: None,
        ship_to: Vec::new(),
        rating: None,
        image: None,
        category: None,
        weight: None,
        description: None,
    }
}

#[must_use]
pub fn offered(
    scope: StoreScope,
    row: &OfferRow,
    heard: &Heard,
) -> (SupplierProduct, Vec<PricePoint>) {
    let mut product = SupplierProduct::of(scope, row, heard);
    let point = product.hear(row, heard);
    (product, point.into_iter().collect())
}

/// In a dollar store without anything of its own.
#[must_use]
pub fn opportunity(scope: StoreScope, row: &OfferRow, now: DateTime<Utc>) -> Opportunity {
    let own = OwnFacts {
        currency: currency("USD"),
        countries: Vec::new(),
        fee: Figure::known(FeeModel { share: 0, fixed: 0 }, "no fee"),
        ad_cost: Figure::unknown("no spend"),
        categories: BTreeMap::new(),
        all: domain::opportunity::Category::default(),
        prices: Vec::new(),
        rates: BTreeMap::new(),
        trends: Vec::new(),
    };
    let (product, _) = offered(scope, row, &heard(1));
    let made = assess(&[&product], &own, (&ScoreSettings::default(), 0), now);
    made.expect("an offer with title and cost is one")
}

/// Two years of weeks with the same index.
#[must_use]
pub fn trend_series(scope: StoreScope, text: &str, index: i64) -> TrendSeries {
    let about = TrendAbout::Keyword(text.to_owned());
    let first = chrono::NaiveDate::default();
    let points = (0..104).map(|n| TrendPoint {
        week: first + chrono::Days::new(4 + 7 * n),
        index,
    });
    TrendSeries {
        scope,
        id: about.id(scope),
        about,
        source: "an export".to_owned(),
        sha256: "00".to_owned(),
        read_at: DateTime::UNIX_EPOCH,
        read_by: domain::audit::Actor::system(),
        points: points.collect(),
    }
}
