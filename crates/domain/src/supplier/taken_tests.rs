//! What an interface shows, taken in twice and more.

use super::*;
use crate::ids::{StoreId, SupplierSyncId, WorkspaceId};
use crate::money::Currency;
use crate::supplier::{Presence, ShipTime, Teller};

fn heard(run: u128) -> Heard {
    Heard {
        observed_at: DateTime::UNIX_EPOCH + chrono::Duration::hours(i64::try_from(run).unwrap()),
        by: Teller::Api {
            sync: SupplierSyncId(Uuid::from_u128(run)),
        },
    }
}

fn scope() -> StoreScope {
    StoreScope {
        workspace: WorkspaceId(Uuid::from_u128(1)),
        store: StoreId(Uuid::from_u128(2)),
    }
}

fn dollars(cents: i64) -> Price {
    as_price(Money::new(cents, Currency::parse("USD").unwrap()))
}

fn offered(variants: &[(&str, Option<i64>)]) -> Offered {
    let variants = variants.iter().map(|(sku, cents)| OfferedVariant {
        external_id: format!("vid-{sku}"),
        sku: Some((*sku).to_owned()),
        name: Some((*sku).to_owned()),
        weight: Some(Decimal::new(15_800, 1)),
        price: cents.map(dollars),
        ..OfferedVariant::default()
    });
    Offered {
        external_id: "p1".to_owned(),
        title: Some("Lamp".to_owned()),
        on_sale: Some(true),
        variants: variants.collect(),
        ..Offered::default()
    }
}

fn shelves(sku: &str, quantity: u32) -> Vec<VariantShelves> {
    vec![VariantShelves {
        variant: format!("vid-{sku}"),
        shelves: vec![Shelf {
            country: "US".to_owned(),
            stock: Stock::counted(quantity),
            verified: true,
        }],
    }]
}

fn lamp() -> SupplierProduct {
    let mut lamp = SupplierProduct::named(scope(), Platform::Cjdropshipping, "p1", &heard(1));
    let first = lamp.take(
        &offered(&[("A", Some(950))]),
        Some(&shelves("A", 5)),
        &heard(1),
    );
    assert_eq!((first.prices.len(), first.changes.len()), (1, 0));
    lamp
}

fn kinds(taken: &Taken) -> Vec<&'static str> {
    taken.changes.iter().map(|c| c.news.kind()).collect()
}

#[test]
fn only_what_differs_is_news() {
    let mut lamp = lamp();
    let same = lamp.take(
        &offered(&[("A", Some(950))]),
        Some(&shelves("A", 5)),
        &heard(2),
    );
    assert_eq!(same, Taken::default());
    let dearer = lamp.take(
        &offered(&[("A", Some(990))]),
        Some(&shelves("A", 0)),
        &heard(3),
    );
    assert_eq!(kinds(&dearer), ["stock", "price"]);
    assert_eq!(dearer.prices.len(), 1);
    assert_eq!(lamp.variants[0].weight.as_deref(), Some("1580 g"));
    let again = dearer.changes[0].clone();
    assert_eq!(again.id(), dearer.changes[0].id());
    assert_ne!(again.id(), dearer.changes[1].id());
}

#[test]
fn a_price_that_is_not_told_is_unknown_and_stock_that_was_not_asked_for_stays() {
    let mut lamp = lamp();
    let taken = lamp.take(&offered(&[("A", None)]), None, &heard(2));
    assert_eq!(kinds(&taken), ["price"]);
    assert_eq!(taken.prices, []);
    assert_eq!(lamp.variants[0].cost, None);
    let stock = lamp.variants[0].stock.as_ref().unwrap();
    assert_eq!((stock.value, &stock.heard), (Stock::counted(5), &heard(1)));
}

#[test]
fn what_is_not_shown_is_gone_and_comes_back() {
    let mut lamp = lamp();
    let other = lamp.take(&offered(&[("B", Some(100))]), Some(&[]), &heard(2));
    assert_eq!(kinds(&other), ["gone"]);
    assert!(lamp.variants[0].gone);
    assert_eq!(
        lamp.variants[1].stock.as_ref().unwrap().value.presence,
        Presence::Unknown,
        "nobody told its shelves"
    );
    let back = lamp.take(
        &offered(&[("A", Some(950)), ("B", Some(100))]),
        None,
        &heard(3),
    );
    assert_eq!(kinds(&back), ["back"]);
    let mut off = offered(&[("A", Some(950)), ("B", Some(100))]);
    off.on_sale = Some(false);
    assert_eq!(kinds(&lamp.take(&off, None, &heard(4))), ["gone", "gone"]);
    assert_eq!(lamp.vanish(&heard(5)), Taken::default());
}

#[test]
fn a_country_without_a_quote_is_not_sent_to() {
    let mut lamp = lamp();
    let quote = ShipQuote {
        service: "USPS+".to_owned(),
        cost: Money::new(471, Currency::parse("USD").unwrap()),
        days: Some(ShipTime {
            min_days: 2,
            max_days: 5,
        }),
    };
    lamp.take_quote("A", "US", Some(&quote), &heard(2));
    let offer = lamp.variants[0].shipping_to("US").unwrap();
    assert_eq!(offer.cost, Some(dollars(471)));
    assert_eq!(lamp.quoted_at("A", "US"), Some(heard(2).observed_at));
    lamp.take_quote("A", "US", None, &heard(3));
    assert_eq!(lamp.variants[0].shipping_to("US"), None);
}

#[test]
fn what_an_interface_does_not_tell_stays_as_it_was_told() {
    let mut lamp = SupplierProduct::named(scope(), Platform::Spocket, "p1", &heard(1));
    lamp.take(&offered(&[("A", Some(900))]), None, &heard(1));
    lamp.variants[0].barcode = Some("4006381333931".to_owned());
    lamp.variants[0].stock = Some(told(Stock::counted(7), &heard(1)));
    let mut silent = offered(&[("A", None)]);
    silent.without_prices = true;
    let taken = lamp.take(&silent, None, &heard(2));
    assert_eq!(taken, Taken::default());
    let variant = &lamp.variants[0];
    assert_eq!(variant.cost, Some(told(dollars(900), &heard(1))));
    assert_eq!(variant.stock, Some(told(Stock::counted(7), &heard(1))));
    assert_eq!(variant.barcode.as_deref(), Some("4006381333931"));
}

#[test]
fn stock_and_sending_are_taken_where_they_stand_beside_the_price() {
    let mut lamp = SupplierProduct::named(scope(), Platform::Spocket, "p1", &heard(1));
    let mut shown = offered(&[("A", Some(900))]);
    shown.ships_from = Some("US".to_owned());
    shown.variants[0].stock = Some(Stock::said(true));
    shown.variants[0].shipping = Some(ShippingOffer {
        to: None,
        cost: Some(dollars(300)),
        days: ShipTime::parse("2-5").unwrap(),
    });
    for day in [1, 2] {
        lamp.take(&shown, Some(&[]), &heard(day));
    }
    let variant = &lamp.variants[0];
    assert_eq!(variant.stock, Some(told(Stock::said(true), &heard(2))));
    assert_eq!(variant.shipping.len(), 1);
    assert_eq!(variant.shipping[0].value.cost, Some(dollars(300)));
    assert_eq!(lamp.ships_from.as_deref(), Some("US"));
}
