//! Suppliers with an interface: each law over one supplier of which something is known.

use domain::supplier::{CannotDo, Capability, Platform, QuoteFor, Search};
use ports::supplier_platforms::SupplierSource;
use ports::{Kind, PortError};
use std::collections::BTreeSet;

fn kind<T>(result: Result<T, PortError>) -> Option<Kind> {
    result.err().map(|error| error.kind)
}

/// `search` finds more than one page.
pub async fn each_product_is_found_once_over_all_pages(
    source: &dyn SupplierSource,
    search: &Search,
) {
    let (mut seen, mut pages) = (BTreeSet::new(), 0);
    let mut search = Search {
        page: 1,
        ..search.clone()
    };
    loop {
        let found = source.search(&search).await.expect("found");
        for item in found.items {
            assert!(seen.insert(item.external_id), "a product stands twice");
        }
        pages += 1;
        if !found.has_more {
            break;
        }
        search.page += 1;
    }
    assert!(pages > 1, "one page is no test");
    search.page += 1;
    let behind = source.search(&search).await.expect("found");
    assert!(behind.items.is_empty() && !behind.has_more);
}

/// `known` is a product that is there.
pub async fn a_product_has_prices_and_stock_by_the_same_variants(
    source: &dyn SupplierSource,
    known: &str,
) {
    let product = source.product(known).await.expect("read").expect("there");
    assert_eq!(product.external_id, known);
    assert!(!product.variants.is_empty());
    let own: BTreeSet<_> = product.variants.iter().map(|v| &v.external_id).collect();
    assert_eq!(own.len(), product.variants.len(), "a variant stands twice");
    for variant in &product.variants {
        if let Some(price) = variant.price {
            assert!(
                price.range.single().is_some(),
                "nobody can order at a range"
            );
        }
    }
    let stock = source.stock(known).await.expect("read").expect("there");
    for shelves in &stock {
        assert!(
            own.contains(&shelves.variant),
            "stock of an unknown variant"
        );
        for shelf in &shelves.shelves {
            assert!(
                shelf.verified || shelf.stock.quantity.is_none(),
                "what nobody counted is a number"
            );
        }
    }
}

pub async fn what_is_not_there_is_nothing_and_no_error(source: &dyn SupplierSource) {
    assert_eq!(source.product("no-such-product").await.expect("read"), None);
    assert_eq!(source.stock("no-such-product").await.expect("read"), None);
    assert_eq!(source.track("no-such-parcel").await.expect("read"), None);
}

/// `to` can be sent to, `never` cannot.
pub async fn what_cannot_be_sent_has_no_quote(
    source: &dyn SupplierSource,
    to: &QuoteFor,
    never: &QuoteFor,
) {
    let quotes = source.quotes(to).await.expect("quoted");
    assert!(!quotes.is_empty());
    for quote in &quotes {
        assert!(quote.cost.minor >= 0 && !quote.service.is_empty());
    }
    assert_eq!(source.quotes(never).await.expect("quoted"), []);
}

/// Each method of a capability that the platform does not have.
pub async fn what_it_cannot_do_is_refused_by_name(
    source: &dyn SupplierSource,
    platform: Platform,
    of: &QuoteFor,
) {
    let can = |capability| platform.by_interface(capability);
    what_an_account_cannot_do_is_refused_by_name(source, can, of).await;
}

/// The same of an account that can do less than its platform, or more.
pub async fn what_an_account_cannot_do_is_refused_by_name(
    source: &dyn SupplierSource,
    can: impl Fn(Capability) -> Result<(), CannotDo>,
    of: &QuoteFor,
) {
    let by_name = |capability: Capability, result: Result<(), PortError>| {
        let Err(cannot) = can(capability) else {
            return;
        };
        let error = result.expect_err("it cannot do that");
        assert_eq!(error.kind, Kind::Unsupported);
        let name = cannot.platform.name();
        assert!(error.detail.contains(name), "{}", error.detail);
    };
    let search = Search::default();
    by_name(
        Capability::Discover,
        source.search(&search).await.map(|_| ()),
    );
    by_name(Capability::Price, source.product("x").await.map(|_| ()));
    by_name(Capability::Stock, source.stock("x").await.map(|_| ()));
    by_name(Capability::Shipping, source.quotes(of).await.map(|_| ()));
    by_name(Capability::Tracking, source.track("x").await.map(|_| ()));
}

/// The supplier's quota is used up.
pub async fn without_quota_nothing_is_made_up(source: &dyn SupplierSource, known: &str) {
    assert_eq!(kind(source.product(known).await), Some(Kind::RateLimited));
    assert_eq!(kind(source.stock(known).await), Some(Kind::RateLimited));
}
