//! The supplier in memory keeps the promises of its port.

use domain::money::{Currency, Money};
use domain::supplier::{
    Offered, OfferedVariant, PlaceLine, Platform, QuoteFor, Search, Shelf, ShipQuote, Stock,
    VariantShelves,
};
use testkit::fakes::FakeSupplierPlatforms;
use testkit::laws::supplier_platforms as laws;

fn supplier() -> FakeSupplierPlatforms {
    let supplier = FakeSupplierPlatforms::default();
    for id in ["P1", "P2", "P3"] {
        let offered = Offered {
            external_id: id.to_owned(),
            title: Some(format!("Lamp {id}")),
            variants: vec![OfferedVariant {
                external_id: format!("{id}-V"),
                ..OfferedVariant::default()
            }],
            ..Offered::default()
        };
        let shelves = VariantShelves {
            variant: format!("{id}-V"),
            shelves: vec![Shelf {
                country: "CN".to_owned(),
                stock: Stock::default(),
                verified: false,
            }],
        };
        let mut told = supplier.told();
        told.products.insert(id.to_owned(), offered);
        told.stock.insert(id.to_owned(), vec![shelves]);
    }
    let quote = ShipQuote {
        service: "Ordinary".to_owned(),
        cost: Money::new(471, Currency::parse("USD").unwrap()),
        days: None,
    };
    supplier.told().quotes.insert("US".to_owned(), vec![quote]);
    supplier
}

fn quote_to(country: &str) -> QuoteFor {
    QuoteFor {
        from: "CN".to_owned(),
        to: country.to_owned(),
        postcode: None,
        lines: vec![PlaceLine {
            variant: "P1-V".to_owned(),
            quantity: 1,
        }],
    }
}

#[tokio::test]
async fn the_fake_obeys_the_laws() {
    let search = Search {
        text: Some("lamp".to_owned()),
        ..Search::default()
    };
    laws::each_product_is_found_once_over_all_pages(&supplier(), &search).await;
    laws::a_product_has_prices_and_stock_by_the_same_variants(&supplier(), "P1").await;
    laws::what_is_not_there_is_nothing_and_no_error(&supplier()).await;
    laws::what_cannot_be_sent_has_no_quote(&supplier(), &quote_to("US"), &quote_to("AQ")).await;
    for platform in Platform::ALL {
        let source = FakeSupplierPlatforms::of(platform);
        laws::what_it_cannot_do_is_refused_by_name(&source, platform, &quote_to("US")).await;
    }
    let without = supplier();
    without.told().answers_left = Some(0);
    laws::without_quota_nothing_is_made_up(&without, "P1").await;
}
