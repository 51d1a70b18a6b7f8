//! What a supplier's interface answers, in our words: what a search finds, a product, what lies in which warehouse, what sending costs,
//! and where a parcel is. What it does not tell is absent.

use super::{PlaceLine, Platform, Presence, Price, PriceRange, ShipTime, ShippingOffer, Stock};
use crate::money::{Currency, Money};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What is looked for; filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    pub text: Option<String>,
    /// ISO 3166-1 alpha-2: only what lies there.
    pub ships_from: Option<String>,
    /// From 1 on.
    pub page: u32,
}

/// What a search tells of a product. A hint: prices may be ranges, and stock that stands in a list is nobody's promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glimpse {
    /// By which the product is asked for.
    pub external_id: String,
    pub title: Option<String>,
    pub price: Option<PriceRange>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundPage {
    pub items: Vec<Glimpse>,
    pub has_more: bool,
}

/// A product as the supplier shows it now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offered {
    pub external_id: String,
    pub title: Option<String>,
    pub url: Option<String>,
    pub image: Option<String>,
    pub category: Option<String>,
    pub description: Option<String>,
    /// ISO 3166-1 alpha-2, where it is told beside the product.
    pub ships_from: Option<String>,
    /// `Some(false)`: it is there, and not sold any more.
    pub on_sale: Option<bool>,
    pub variants: Vec<OfferedVariant>,
    /// Prices are not told by this interface: what is known of them from elsewhere stays.
    pub without_prices: bool,
    /// What could not be read, as sentences.
    pub unread: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferedVariant {
    /// By which it is ordered.
    pub external_id: String,
    pub sku: Option<String>,
    pub name: Option<String>,
    /// As it is told; only a [`gtin`](super::gtin) is compared.
    pub barcode: Option<String>,
    /// Grams.
    pub weight: Option<Decimal>,
    /// Only a single price; a range is no price of a variant.
    pub price: Option<Price>,
    /// At which the supplier would sell it.
    pub suggested: Option<Price>,
    /// Where it is told without a place; a shelf says more.
    pub stock: Option<Stock>,
    /// What sending it costs, where that is told beside the price; else it is asked for.
    pub shipping: Option<ShippingOffer>,
    pub image: Option<String>,
}

/// What lies in a country's warehouses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Unknown where nobody counted it; without a number where only whether there is any is told.
    pub stock: Stock,
    /// Whether the supplier has looked itself.
    pub verified: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantShelves {
    /// [`OfferedVariant::external_id`].
    pub variant: String,
    pub shelves: Vec<Shelf>,
}

/// All shelves as one stock: what was counted is added; where it is only told whether there is any, it is in stock when some shelf has it
/// and out of stock when none has; where nobody looked it is unknown.
#[must_use]
pub fn on_all(shelves: &[Shelf]) -> Stock {
    let counted = shelves.iter().filter(|s| s.verified);
    let mut sum = None::<u32>;
    for shelf in counted {
        if let Some(quantity) = shelf.stock.quantity {
            sum = Some(sum.unwrap_or(0).saturating_add(quantity));
        }
    }
    match sum {
        // Nothing that is counted, and something that is not: nobody knows.
        Some(0) if shelves.iter().any(|s| !s.verified) => Stock::default(),
        Some(sum) => Stock::counted(sum),
        None => told(shelves),
    }
}

/// Of shelves of which none was counted.
fn told(shelves: &[Shelf]) -> Stock {
    let says = |shelf: &Shelf, what| shelf.verified && shelf.stock.presence == what;
    if shelves.iter().any(|s| says(s, Presence::In)) {
        return Stock::said(true);
    }
    if !shelves.is_empty() && shelves.iter().all(|s| says(s, Presence::Out)) {
        return Stock::said(false);
    }
    Stock::default()
}

/// From where it is sent: the destination's own country, else the most that is counted, else wherever something may lie.
#[must_use]
pub fn sent_from<'a>(shelves: &'a [Shelf], to: &str) -> Option<&'a str> {
    let quantity = |s: &&Shelf| s.stock.quantity.unwrap_or(0);
    let counted = || {
        let there = |s: &&Shelf| s.verified && s.stock.presence == Presence::In;
        shelves.iter().filter(there)
    };
    let own = counted().find(|s| s.country == to);
    let most = counted().max_by(|a, b| {
        quantity(a)
            .cmp(&quantity(b))
            .then_with(|| b.country.cmp(&a.country))
    });
    let any = shelves.iter().find(|s| !s.verified);
    own.or(most).or(any).map(|s| s.country.as_str())
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteFor {
    /// ISO 3166-1 alpha-2, both.
    pub from: String,
    pub to: String,
    pub postcode: Option<String>,
    pub lines: Vec<PlaceLine>,
}

/// One way of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShipQuote {
    /// As the supplier names it, and as it is ordered.
    pub service: String,
    /// With what the supplier adds for customs clearance.
    pub cost: Money,
    pub days: Option<ShipTime>,
}

/// The cheapest; of equal ones the faster, then by name. Quotes in several currencies cannot be compared.
#[must_use]
pub fn cheapest(quotes: &[ShipQuote]) -> Option<&ShipQuote> {
    let currency = quotes.first()?.cost.currency;
    if quotes.iter().any(|q| q.cost.currency != currency) {
        return None;
    }
    let days = |q: &ShipQuote| q.days.map_or(u32::MAX, |d| d.max_days);
    quotes
        .iter()
        .min_by_key(|q| (q.cost.minor, days(q), q.service.clone()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelState {
    InTransit,
    Delivered,
    Failed,
    Returned,
    /// The supplier says something that has no meaning here.
    Unclear,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    pub number: String,
    pub carrier: Option<String>,
    pub state: ParcelState,
    /// The supplier's own words.
    pub said: Option<String>,
    /// The number on the last stretch, where another carrier has it.
    pub last_number: Option<String>,
}

/// A message of a supplier: what may be another now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierNotice {
    /// The same for the same message, however often it is sent.
    pub id: String,
    pub about: NoticeAbout,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeAbout {
    Product(String),
    /// As [`OfferedVariant::external_id`].
    Variants(Vec<String>),
    /// By the supplier's own number, or by ours.
    Order(String),
    /// Nothing that is kept here.
    Other,
}

/// How much may still be asked for, in the supplier's own points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    pub used: u64,
    pub left: u64,
    pub total: u64,
    pub told_at: DateTime<Utc>,
}

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierIdentity {
    pub platform: Platform,
    /// In which everything is priced; `None` where each price has its own.
    pub currency: Option<Currency>,
    pub is_sandbox: bool,
    /// Calls a second that the account may make; `None` where it is not told.
    pub per_second: Option<u32>,
    /// What can be paid with; `None` where it is not told.
    pub balance: Option<Money>,
    /// What of its interface is not used now, as sentences: it is another one than it was.
    pub off: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(country: &str, quantity: u32, verified: bool) -> Shelf {
        Shelf {
            country: country.to_owned(),
            stock: if verified {
                Stock::counted(quantity)
            } else {
                Stock::default()
            },
            verified,
        }
    }

    #[test]
    fn what_nobody_counted_is_unknown_and_never_in_stock() {
        assert_eq!(on_all(&[]), Stock::default());
        assert_eq!(on_all(&[shelf("CN", 100, false)]), Stock::default());
        assert_eq!(
            on_all(&[shelf("CN", 100, false), shelf("US", 7, true)]),
            Stock::counted(7)
        );
        assert_eq!(
            on_all(&[shelf("CN", 100, false), shelf("US", 0, true)]),
            Stock::default()
        );
        assert_eq!(on_all(&[shelf("US", 0, true)]), Stock::counted(0));
    }

    #[test]
    fn shelves_that_only_say_yes_or_no_are_one_yes_or_no() {
        let says = |country: &str, there: bool| Shelf {
            country: country.to_owned(),
            stock: Stock::said(there),
            verified: true,
        };
        let both = [says("US", false), says("EU", true)];
        assert_eq!(on_all(&both), Stock::said(true));
        assert_eq!(on_all(&both[..1]), Stock::said(false));
        let unsure = [says("US", false), shelf("EU", 0, false)];
        assert_eq!(on_all(&unsure), Stock::default());
        assert_eq!(sent_from(&both, "US"), Some("EU"));
        assert_eq!(sent_from(&both[..1], "US"), None);
    }

    #[test]
    fn it_is_sent_from_the_country_itself_then_from_where_most_is() {
        let all = [
            shelf("CN", 100, false),
            shelf("US", 7, true),
            shelf("DE", 9, true),
        ];
        assert_eq!(sent_from(&all, "US"), Some("US"));
        assert_eq!(sent_from(&all, "FR"), Some("DE"));
        assert_eq!(sent_from(&all[..1], "US"), Some("CN"));
        assert_eq!(sent_from(&[shelf("US", 0, true)], "US"), None);
    }

    #[test]
    fn quotes_in_two_currencies_have_no_cheapest() {
        let quote = |service: &str, minor, code: &str| ShipQuote {
            service: service.to_owned(),
            cost: Money::new(minor, Currency::parse(code).unwrap()),
            days: None,
        };
        let dollars = [quote("B", 500, "USD"), quote("A", 471, "USD")];
        assert_eq!(cheapest(&dollars).unwrap().service, "A");
        let mixed = [quote("B", 500, "USD"), quote("A", 471, "EUR")];
        assert_eq!(cheapest(&mixed), None);
        assert_eq!(cheapest(&[]), None);
    }
}
