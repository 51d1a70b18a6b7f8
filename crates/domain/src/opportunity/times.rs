//! How long it takes to each country to which the store's orders go, as suppliers told it: in a quote that was read, or in a list.
//!
//! What nobody told stays unknown, and is named. Each time stands with where it is from and when it was told; a quote of the cheapest way
//! is what orders are placed by, so its days are the ones that count.

use super::facts::OwnFacts;
use crate::scoring::{Figure, Points, divide};
use crate::supplier::{ShipTime, ShippingOffer, SupplierProduct, SupplierVariant, Teller, Told};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Most and fewest points that any time has: between them lies one that nobody told.
const BEST: i64 = 90;
const WORST: i64 = 40;

/// Days to one country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryTime {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Ten-thousandths of the store's orders that go there.
    pub share: i64,
    /// Over all variants, with processing where that is told; `None`: nobody tells.
    pub days: Option<ShipTime>,
    /// [`Teller::source`] of what was told first.
    pub source: Option<String>,
    /// When it was told, of several tellings the oldest.
    pub observed_at: Option<DateTime<Utc>>,
}

fn told_to<'a>(
    there: &'a [&SupplierVariant],
    country: &'a str,
) -> impl Iterator<Item = (&'a Told<ShippingOffer>, ShipTime)> {
    let told = there
        .iter()
        .filter_map(move |v| v.told_shipping_to(country));
    told.filter_map(|told| Some((told, told.value.days?)))
}

fn of_country(
    product: &SupplierProduct,
    there: &[&SupplierVariant],
    (country, share): &(String, i64),
) -> CountryTime {
    let mut time = CountryTime {
        country: country.clone(),
        share: *share,
        days: None,
        source: None,
        observed_at: None,
    };
    for (told, days) in told_to(there, country) {
        time.days = Some(time.days.map_or(days, |known| ShipTime {
            min_days: known.min_days.min(days.min_days),
            max_days: known.max_days.max(days.max_days),
        }));
        let at = told.heard.observed_at;
        if time.observed_at.is_none_or(|known| at < known) {
            time.observed_at = Some(at);
            time.source = Some(told.heard.by.source());
        }
    }
    if let (Some(days), Some(ready)) = (time.days, product.processing) {
        time.days = Some(ready.and(days));
    }
    time
}

/// To each of the store's main countries, in their order.
#[must_use]
pub(super) fn times(
    product: &SupplierProduct,
    there: &[&SupplierVariant],
    own: &OwnFacts,
) -> Vec<CountryTime> {
    let countries = own.countries.iter();
    countries.map(|to| of_country(product, there, to)).collect()
}

/// From the soonest to the latest of all that is known, with where it is from.
pub(super) fn days(
    product: &SupplierProduct,
    there: &[&SupplierVariant],
    own: &OwnFacts,
    times: &[CountryTime],
) -> Figure<ShipTime> {
    let mut told: Vec<(ShipTime, &Teller, DateTime<Utc>)> = Vec::new();
    if own.countries.is_empty() {
        let offers = there.iter().flat_map(|v| &v.shipping);
        told.extend(offers.filter_map(|o| Some((o.value.days?, &o.heard.by, o.heard.observed_at))));
    }
    for (country, _) in &own.countries {
        let offers = told_to(there, country);
        told.extend(offers.map(|(told, days)| (days, &told.heard.by, told.heard.observed_at)));
    }
    let oldest = told.iter().min_by_key(|(.., at)| *at);
    let bounds = told.iter().map(|(t, ..)| t.min_days).min();
    let bounds = bounds.zip(told.iter().map(|(t, ..)| t.max_days).max());
    let (Some((_, by, at)), Some((min_days, max_days))) = (oldest, bounds) else {
        return Figure::unknown("nobody tells how long it takes to where orders go");
    };
    let sent = ShipTime { min_days, max_days };
    let by = match by {
        Teller::Api { .. } => "quotes of the supplier",
        Teller::File { .. } => "the supplier's list",
    };
    let ready = match product.processing {
        Some(_) => "with processing",
        None => "without processing, which it does not tell",
    };
    let why = format!(
        "{by}, {ready}; told on {}{}",
        at.format("%Y-%m-%d"),
        missing(times)
    );
    Figure::known(product.processing.map_or(sent, |p| p.and(sent)), why)
}

/// `; not told to US, DE`, or nothing.
fn missing(times: &[CountryTime]) -> String {
    let silent = times.iter().filter(|t| t.days.is_none());
    let silent: Vec<&str> = silent.map(|t| t.country.as_str()).collect();
    match silent[..] {
        [] => String::new(),
        _ => format!("; not told to {}", silent.join(", ")),
    }
}

/// `4 to 8 days`, and by country where they differ.
pub(super) fn found(whole: ShipTime, times: &[CountryTime]) -> String {
    let known = times.iter().filter_map(|t| Some((&t.country, t.days?)));
    let known: Vec<(&String, ShipTime)> = known.collect();
    if known.iter().all(|(_, days)| *days == whole) {
        return format!("{} to {} days", whole.min_days, whole.max_days);
    }
    let each = known
        .iter()
        .map(|(country, t)| format!("{country} {} to {}", t.min_days, t.max_days));
    format!("{} days", each.collect::<Vec<_>>().join(", "))
}

fn of_days(days: u32) -> i64 {
    match days {
        0..=5 => BEST,
        6..=10 => 70,
        _ => WORST,
    }
}

/// Each country counts as much as orders go there, by its latest day; where one is not told it may have any points.
pub(super) fn points(whole: ShipTime, times: &[CountryTime]) -> Points {
    let (mut low, mut value, mut high, mut known, mut all) = (0, 0, 0, 0, 0);
    for time in times {
        all += time.share;
        let (least, most) = match time.days {
            Some(days) => {
                known += time.share;
                value += of_days(days.max_days) * time.share;
                (of_days(days.max_days), of_days(days.min_days))
            }
            None => (WORST, BEST),
        };
        low += least * time.share;
        high += most * time.share;
    }
    if known == 0 {
        return Points {
            low: of_days(whole.max_days),
            value: of_days(whole.max_days),
            high: of_days(whole.min_days),
        };
    }
    let value = divide(value, known);
    Points {
        low: divide(low, all).min(value),
        value,
        high: divide(high, all).max(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(country: &str, share: i64, days: Option<(u32, u32)>) -> CountryTime {
        CountryTime {
            country: country.to_owned(),
            share,
            days: days.map(|(min_days, max_days)| ShipTime { min_days, max_days }),
            source: None,
            observed_at: None,
        }
    }

    #[test]
    fn each_country_counts_as_much_as_orders_go_there() {
        let whole = ShipTime {
            min_days: 2,
            max_days: 30,
        };
        let both = [
            time("US", 8_000, Some((2, 5))),
            time("DE", 1_000, Some((12, 30))),
        ];
        // (8 × 90 + 1 × 40) / 9
        let of = points(whole, &both);
        assert_eq!((of.low, of.value, of.high), (84, 84, 84));
        assert_eq!(found(whole, &both), "US 2 to 5, DE 12 to 30 days");
        let one = [time("US", 8_000, Some((2, 5))), time("DE", 1_000, None)];
        let of = points(whole, &one);
        assert_eq!(
            (of.low, of.value, of.high),
            (84, 90, 90),
            "Germany may be late"
        );
        assert_eq!(missing(&one), "; not told to DE");
        let nobody = points(whole, &[]);
        assert_eq!((nobody.low, nobody.value, nobody.high), (40, 40, 90));
    }
}
