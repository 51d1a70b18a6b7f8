//! What a supplier product costs until it is with a customer.

use super::facts::OwnFacts;
use super::matching::SameAs;
use super::times::{self, CountryTime};
use crate::ids::SupplierProductId;
use crate::scoring::{Figure, divide};
use crate::supplier::{Platform, Presence, Price, ShipTime, SupplierProduct, SupplierVariant};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Minor units of the store's currency, from the cheapest to the dearest of what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub low: i64,
    pub high: i64,
}

impl Span {
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            high: self.high + other.high,
        }
    }
}

/// Who offers it, and for how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    pub product: SupplierProductId,
    pub platform: Platform,
    pub supplier: Option<String>,
    pub ships_from: Option<String>,
    pub url: Option<String>,
    /// Where its picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    pub presence: Presence,
    /// Every variant that is not gone has one price.
    pub orderable: bool,
    pub offered: Offered,
    pub days: Figure<ShipTime>,
    /// To each of the store's main countries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<CountryTime>,
    /// In hundredths, from 0 to 500.
    pub rating: Figure<i64>,
    pub observed_at: DateTime<Utc>,
    /// With which of the other offers it is the same thing, and by what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same: Vec<SameAs>,
}

/// What is paid to the supplier and to others before it is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub product: Figure<Span>,
    pub shipping: Figure<Span>,
    pub duties: Figure<Span>,
}

impl Lead {
    #[must_use]
    pub fn of(product: &SupplierProduct, own: &OwnFacts) -> Self {
        let there: Vec<&SupplierVariant> = product.variants.iter().filter(|v| !v.gone).collect();
        let presence = |of: Presence| {
            let told = |v: &SupplierVariant| v.stock.as_ref().map(|s| s.value.presence);
            there.iter().any(|v| told(v).unwrap_or_default() == of)
        };
        let is_single = |v: &&SupplierVariant| {
            let cost = v.cost.as_ref();
            cost.is_some_and(|told| told.value.range.single().is_some())
        };
        let times = times::times(product, &there, own);
        Self {
            product: product.id,
            platform: product.platform,
            supplier: product.supplier.clone(),
            ships_from: product.ships_from.clone(),
            url: product.url.clone(),
            image: product.image.clone(),
            presence: if presence(Presence::In) {
                Presence::In
            } else if presence(Presence::Unknown) {
                Presence::Unknown
            } else {
                Presence::Out
            },
            orderable: !there.is_empty() && there.iter().all(is_single),
            offered: Offered {
                product: costs(&there, own),
                shipping: shipping(&there, own),
                duties: duties(&there, own),
            },
            days: times::days(product, &there, own, &times),
            times,
            rating: match &product.rating {
                Some(told) => {
                    let hundredths = told.value * rust_decimal::Decimal::ONE_HUNDRED;
                    let hundredths = i64::try_from(hundredths.trunc()).unwrap_or(0);
                    Figure::known(
                        hundredths,
                        format!("the rating in the list of {}", product.platform.name()),
                    )
                }
                None => Figure::unknown("the supplier's list has no rating"),
            },
            observed_at: product.heard.observed_at,
            same: Vec::new(),
        }
    }

    /// To the supplier, where all of it is known.
    #[must_use]
    pub fn paid(&self) -> Option<Span> {
        Some(
            self.offered
                .product
                .value?
                .and(self.offered.shipping.value?),
        )
    }

    /// The better ones first: there to be had, known in full, cheap; by number where all is the same.
    #[must_use]
    pub fn rank(&self) -> (bool, bool, i64, i64, SupplierProductId) {
        let product = self.offered.product.value.map_or(i64::MAX, |s| s.high);
        let paid = self.paid().map_or(i64::MAX, |s| s.high);
        (
            self.presence == Presence::Out,
            self.paid().is_none(),
            paid,
            product,
            self.product,
        )
    }
}

/// From the lowest to the highest, or the first that cannot be told.
fn span<'a>(
    prices: impl Iterator<Item = &'a Price>,
    own: &OwnFacts,
) -> Result<Option<Span>, String> {
    let mut found: Option<Span> = None;
    for price in prices {
        let amount = |amount| {
            own.own(amount, price.currency).ok_or_else(|| {
                format!(
                    "there is no exchange rate from {} to {}",
                    price.currency, own.currency
                )
            })
        };
        let (low, high) = (amount(price.range.low)?, amount(price.range.high)?);
        found = Some(found.map_or(Span { low, high }, |f| Span {
            low: f.low.min(low),
            high: f.high.max(high),
        }));
    }
    Ok(found)
}

fn figure(found: Result<Option<Span>, String>, source: &str, missing: &str) -> Figure<Span> {
    match found {
        Ok(Some(span)) => Figure::known(span, source),
        Ok(None) => Figure::unknown(missing),
        Err(reason) => Figure::unknown(reason),
    }
}

fn costs(there: &[&SupplierVariant], own: &OwnFacts) -> Figure<Span> {
    let told = there.iter().filter_map(|v| Some(&v.cost.as_ref()?.value));
    figure(
        span(told, own),
        "the supplier's list",
        "the supplier's list has no cost",
    )
}

fn duties(there: &[&SupplierVariant], own: &OwnFacts) -> Figure<Span> {
    let told = there.iter().filter_map(|v| Some(&v.duties.as_ref()?.value));
    figure(
        span(told, own),
        "the supplier's list",
        "no source tells duties",
    )
}

/// To the store's main countries, each as much as orders go there.
fn shipping(there: &[&SupplierVariant], own: &OwnFacts) -> Figure<Span> {
    const MISSING: &str = "the supplier's list has no shipping cost";
    if own.countries.is_empty() {
        let told = there.iter().flat_map(|v| &v.shipping);
        let told = told.filter_map(|o| o.value.cost.as_ref());
        let source = "the supplier's list, over all its destinations: the store has no orders yet";
        return figure(span(told, own), source, MISSING);
    }
    let (mut low, mut high, mut known) = (0_i64, 0_i64, 0_i64);
    for (country, share) in &own.countries {
        let told = there
            .iter()
            .filter_map(|v| v.shipping_to(country)?.cost.as_ref());
        match span(told, own) {
            Ok(Some(span)) => {
                low += span.low * share;
                high += span.high * share;
                known += share;
            }
            Ok(None) => {}
            Err(reason) => return Figure::unknown(reason),
        }
    }
    if known == 0 {
        return Figure::unknown(MISSING);
    }
    let span = Span {
        low: divide(low, known),
        high: divide(high, known),
    };
    Figure::known(
        span,
        format!("the supplier's list, {}", covered(known, own)),
    )
}

/// Of how many orders a figure is known.
fn covered(known: i64, own: &OwnFacts) -> String {
    let names: Vec<&str> = own.countries.iter().map(|(c, _)| c.as_str()).collect();
    let all: i64 = own.countries.iter().map(|(_, share)| share).sum();
    let countries = names.join(", ");
    if known == all {
        format!("to {countries}")
    } else {
        let percent = divide(known * 100, all);
        format!("to {countries}, told for {percent} % of the orders there")
    }
}
