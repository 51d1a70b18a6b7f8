//! Figures that were worked out by hand.

use super::*;
use crate::ids::{ImportId, StoreId, StoreScope, SupplierSyncId, WorkspaceId};
use crate::supplier::{
    Heard, OfferRow, Platform, PriceRange, ShipTime, ShippingOffer, Stock, SupplierProduct, Teller,
    Told,
};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use uuid::Uuid;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn scope() -> StoreScope {
    StoreScope {
        workspace: WorkspaceId(Uuid::from_u128(1)),
        store: StoreId(Uuid::from_u128(2)),
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn range(low: &str, high: &str) -> PriceRange {
    PriceRange {
        low: decimal(low),
        high: decimal(high),
    }
}

fn days(min_days: u32, max_days: u32) -> Option<ShipTime> {
    Some(ShipTime { min_days, max_days })
}

/// Ten dollars, five for shipping, three to six days after one or two.
fn row() -> OfferRow {
    OfferRow {
        platform: Platform::Autods,
        supplier: Some("Acme".into()),
        external_id: Some("P-1".into()),
        sku: Some("P-1-A".into()),
        barcode: None,
        url: None,
        title: Some("Desk Lamp".into()),
        name: None,
        ships_from: None,
        currency: Some("USD".parse().unwrap()),
        cost: Some(range("10", "10")),
        sell_price: None,
        shipping_cost: Some(range("5", "5")),
        duties: None,
        stock: Some(Stock::counted(5)),
        processing: days(1, 2),
        ship_days: days(3, 6),
        ship_to: Vec::new(),
        rating: Some(decimal("4.7")),
        image: None,
        category: Some("Lamps".into()),
        weight: None,
        description: None,
    }
}

fn product(rows: &[OfferRow]) -> SupplierProduct {
    let heard = Heard {
        observed_at: NOW,
        by: Teller::File {
            import: ImportId(Uuid::from_u128(3)),
            sha256: "00".into(),
        },
    };
    let mut product = SupplierProduct::of(scope(), &rows[0], &heard);
    for row in rows {
        product.hear(row, &heard);
    }
    product
}

/// A euro store: a dollar is 0.90, lamps keep 60 %, prices end on 99, three of four lamps sold.
fn own() -> OwnFacts {
    let lamps = Category {
        margins: vec![5_000, 6_000, 7_000],
        offered: 4,
        sold: 3,
    };
    OwnFacts {
        currency: "EUR".parse().unwrap(),
        countries: vec![("US".into(), 8_000), ("DE".into(), 1_000)],
        fee: Figure::known(
            FeeModel {
                share: 290,
                fixed: 30,
            },
            "own fees",
        ),
        ad_cost: Figure::known(200, "own spend"),
        categories: BTreeMap::from([("lamps".to_owned(), lamps)]),
        all: Category::default(),
        prices: vec![1_999, 2_999],
        rates: BTreeMap::from([("USD".parse().unwrap(), decimal("0.9"))]),
        trends: Vec::new(),
    }
}

fn assessed(products: &[&SupplierProduct], own: &OwnFacts) -> Opportunity {
    assess(products, own, (&ScoreSettings::default(), 0), NOW).unwrap()
}

fn points(of: &Opportunity, name: FactorName) -> Option<(i64, i64, i64)> {
    let factor = of.factors.iter().find(|f| f.name == name).unwrap();
    factor.points.value.map(|p| (p.low, p.value, p.high))
}

#[test]
fn landed_cost_margin_and_score_are_those_worked_out_by_hand() {
    let product = product(&[row()]);
    let found = assessed(&[&product], &own());
    let offered = &found.leads[0].offered;
    // 10 × 0.90 and 5 × 0.90.
    assert_eq!(
        offered.product.value,
        Some(Span {
            low: 900,
            high: 900
        })
    );
    assert_eq!(
        offered.shipping.value,
        Some(Span {
            low: 450,
            high: 450
        })
    );
    // 9.00 / (1 − 0.60) = 22.50, and the next price that ends on 99.
    assert_eq!(found.price.value, Some(2_299));
    // 2.9 % of 22.99 are 0.66671, and 0.30.
    assert_eq!(found.payment_fee.value, Some(97));
    // 9.00 + 4.50 + 0.97 + 2.00
    assert_eq!(found.landed.value.map(|s| s.high), Some(1_647));
    // (22.99 − 16.47) / 22.99
    assert_eq!(found.margin.value.map(|s| s.low), Some(2_836));
    // 22.99 − 14.47
    assert_eq!(found.break_even.value, Some(852));
    assert_eq!(points(&found, FactorName::Margin), Some((20, 20, 20)));
    assert_eq!(points(&found, FactorName::Trend), None);
    // Three of four are 75 %.
    assert_eq!(points(&found, FactorName::Viability), Some((90, 90, 90)));
    assert_eq!(points(&found, FactorName::Reliability), Some((95, 95, 95)));
    // From 4 to 8 days.
    assert_eq!(points(&found, FactorName::Shipping), Some((70, 70, 90)));
    // (30×20 + 20×90 + 15×95 + 10×70) / 75 = 4 525 / 75
    assert_eq!(found.score, Some(6_033));
    assert_eq!(found.completeness, 75);
    // 4 525 / 100, and with 100 points for the trend and 90 for shipping 7 225 / 100.
    assert_eq!(
        found.interval,
        Span {
            low: 4_525,
            high: 7_225
        }
    );
    assert_eq!(
        found.potential,
        Some(Potential::Low),
        "the margin is below 30 %"
    );
}

#[test]
fn an_ad_cost_that_nobody_knows_is_not_taken_for_nothing_but_said() {
    let product = product(&[row()]);
    let mut own = own();
    own.ad_cost = Figure::unknown("no spend is connected");
    let found = assessed(&[&product], &own);
    assert_eq!(found.ad_cost.value, None);
    assert_eq!(found.landed.value.map(|s| s.high), Some(1_447));
    assert!(found.landed.why.contains("no spend is connected"));
    // 8.52 / 22.99
    assert_eq!(found.margin.value.map(|s| s.low), Some(3_706));
    assert_eq!(
        found.break_even.value,
        Some(852),
        "the same with and without"
    );
    assert_eq!(points(&found, FactorName::Margin), Some((60, 60, 60)));
}

#[test]
fn without_shipping_cost_there_is_no_margin_and_its_weight_is_shared() {
    let bare = OfferRow {
        shipping_cost: None,
        ..row()
    };
    let product = product(&[bare]);
    let found = assessed(&[&product], &own());
    assert_eq!(found.landed.value, None);
    assert_eq!(found.landed.why, "the supplier's list has no shipping cost");
    assert_eq!(points(&found, FactorName::Margin), None);
    // (1 800 + 1 425 + 700) / 45
    assert_eq!(found.score, Some(8_722));
    assert_eq!(found.completeness, 45);
    assert_eq!(
        found.interval,
        Span {
            low: 3_925,
            high: 9_625
        }
    );
    assert_eq!(
        found.potential,
        Some(Potential::Medium),
        "never high without a margin"
    );
}

#[test]
fn a_range_counts_by_its_dear_end_and_shows_in_the_interval() {
    let wide = OfferRow {
        cost: Some(range("2", "10")),
        ..row()
    };
    let product = product(&[wide]);
    let found = assessed(&[&product], &own());
    assert!(!found.leads[0].orderable);
    assert_eq!(found.price.value, Some(2_299));
    assert_eq!(
        found.landed.value,
        Some(Span {
            low: 927,
            high: 1_647
        })
    );
    // (22.99 − 9.27) / 22.99 = 59.68 %
    assert_eq!(
        found.margin.value,
        Some(Span {
            low: 2_836,
            high: 5_968
        })
    );
    assert_eq!(points(&found, FactorName::Margin), Some((20, 20, 80)));
    assert_eq!(found.score, Some(6_033));
    assert_eq!(
        found.interval,
        Span {
            low: 4_525,
            high: 9_025
        }
    );
}

#[test]
fn shipping_is_that_to_where_orders_go_each_by_its_share() {
    let to = |country: &str, cost: &str| OfferRow {
        ship_to: vec![country.to_owned()],
        shipping_cost: Some(range(cost, cost)),
        ..row()
    };
    let both = product(&[to("US", "5"), to("DE", "14")]);
    let found = assessed(&[&both], &own());
    // (8 × 4.50 + 1 × 12.60) / 9
    let shipping = &found.leads[0].offered.shipping;
    assert_eq!(
        shipping.value,
        Some(Span {
            low: 540,
            high: 540
        })
    );
    assert_eq!(found.ships_to, ["DE", "US"]);
    let one = product(&[to("US", "5")]);
    let found = assessed(&[&one], &own());
    let shipping = &found.leads[0].offered.shipping;
    assert_eq!(shipping.value.map(|s| s.high), Some(450));
    assert!(
        shipping.why.ends_with("told for 89 % of the orders there"),
        "{}",
        shipping.why
    );
    let none = product(&[to("JP", "5")]);
    let found = assessed(&[&none], &own());
    assert_eq!(found.leads[0].offered.shipping.value, None);
}

/// Days are those of the quotes that were read, each with when, and a country that nobody quoted is named.
#[test]
fn days_are_told_by_country_with_where_they_are_from() {
    let quoted = |to: &str, days: Option<ShipTime>| ShippingOffer {
        to: Some(to.to_owned()),
        cost: None,
        days,
    };
    let mut product = product(&[OfferRow {
        ship_days: None,
        shipping_cost: None,
        processing: days(1, 2),
        ..row()
    }]);
    let read = |at: i64| Heard {
        observed_at: NOW + chrono::Duration::days(at),
        by: Teller::Api {
            sync: SupplierSyncId(Uuid::from_u128(4)),
        },
    };
    let told = |value, at| Told {
        value,
        heard: read(at),
    };
    product.variants[0].shipping = vec![
        told(quoted("US", days(3, 4)), 5),
        told(quoted("DE", None), 6),
    ];
    let found = assessed(&[&product], &own());
    let times = &found.leads[0].times;
    assert_eq!(times.len(), 2);
    assert_eq!((times[0].country.as_str(), times[0].share), ("US", 8_000));
    assert_eq!(times[0].days, days(4, 6), "with processing");
    assert_eq!(times[0].observed_at, Some(read(5).observed_at));
    assert!(times[0].source.as_ref().unwrap().starts_with("api:"));
    assert_eq!((times[1].days, times[1].observed_at), (None, None));
    // (8 × 70 + 1 × 40) / 9 at worst, (8 × 90 + 1 × 90) / 9 at best; what is known has 70.
    assert_eq!(points(&found, FactorName::Shipping), Some((67, 70, 90)));
    let why = &found.leads[0].days.why;
    assert!(
        why.contains("quotes of the supplier") && why.contains("1970-01-06"),
        "{why}"
    );
    assert!(why.ends_with("not told to DE"), "{why}");
}

#[test]
fn of_the_same_thing_the_cheapest_offer_that_is_there_comes_first() {
    let cheap = product(&[OfferRow {
        supplier: Some("Zeta".into()),
        title: Some("DESK lamp!".into()),
        cost: Some(range("8", "8")),
        ..row()
    }]);
    let sold_out = product(&[OfferRow {
        supplier: Some("Gone".into()),
        cost: Some(range("1", "1")),
        stock: Some(Stock::said(false)),
        ..row()
    }]);
    let dear = product(&[row()]);
    let keys = [&cheap, &sold_out, &dear].map(group_key);
    assert_eq!(keys[0], keys[1]);
    let found = assessed(&[&dear, &sold_out, &cheap], &own());
    let order: Vec<_> = found
        .leads
        .iter()
        .map(|l| l.supplier.as_deref().unwrap())
        .collect();
    assert_eq!(order, ["Zeta", "Acme", "Gone"]);
    assert_eq!(found.id, assessed(&[&sold_out, &dear], &own()).id);
}

#[test]
fn a_currency_without_a_rate_makes_no_opportunity_and_a_price_needs_a_source() {
    let mut own = own();
    let product = product(&[row()]);
    own.rates.clear();
    assert_eq!(
        assess(&[&product], &own, (&ScoreSettings::default(), 0), NOW),
        None
    );
    let mut own = self::own();
    own.categories.clear();
    let found = assessed(&[&product], &own);
    assert_eq!(
        (
            found.price.value,
            found.margin.value,
            found.break_even.value
        ),
        (None, None, None)
    );
    let told = self::product(&[OfferRow {
        sell_price: Some(range("30", "40")),
        ..row()
    }]);
    let found = assessed(&[&told], &own);
    assert_eq!(found.price.value, Some(2_700));
    assert_eq!(found.price.why, "the supplier's suggestion");
}

#[test]
fn a_high_potential_has_both_score_and_margin() {
    let cheap = product(&[OfferRow {
        cost: Some(range("10", "10")),
        shipping_cost: Some(range("0", "0")),
        ship_days: days(1, 3),
        ..row()
    }]);
    let mut own = own();
    own.ad_cost = Figure::unknown("no spend is connected");
    let found = assessed(&[&cheap], &own);
    // (22.99 − 9.97) / 22.99 = 56.63 %: 80 points; (2 400 + 1 800 + 1 425 + 900) / 75 = 87
    assert_eq!(found.margin.value.map(|s| s.low), Some(5_663));
    assert_eq!(found.score, Some(8_700));
    assert_eq!(found.potential, Some(Potential::High));
    let strict = ScoreSettings {
        minimum_margin: 6_000,
        ..ScoreSettings::default()
    };
    let found = assess(&[&cheap], &own, (&strict, 1), NOW).unwrap();
    assert_eq!(found.potential, Some(Potential::Low));
}

#[test]
fn weights_are_percentages_of_a_whole() {
    let mut settings = ScoreSettings::default();
    assert_eq!(settings.faults(), []);
    settings.weights.margin = 31;
    settings.high_potential = 101;
    settings.minimum_margin = -1;
    let keys: Vec<_> = settings.faults().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["weights", "high_potential", "minimum_margin"]);
}
