//! What a variant was offered at, from when on: as it was seen, because providers keep no history of prices; and, of the time before, as it was paid.

use crate::calendar::Calendar;
use crate::catalog::Variant;
use crate::ids::VariantId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A price that was seen, and stood until the next record of its variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRecord {
    pub variant: VariantId,
    /// Minor units of the shop's currency.
    pub price: i64,
    pub compare_at_price: Option<i64>,
    /// When it was first seen. What the price was before the first record of a variant, nobody knows.
    pub seen_at: DateTime<Utc>,
}

impl PriceRecord {
    /// What has to be recorded when the provider shows this variant now; `None` when it shows what was known.
    #[must_use]
    pub fn news(latest: Option<&Self>, variant: &Variant, now: DateTime<Utc>) -> Option<Self> {
        let same = latest.is_some_and(|known| {
            known.price == variant.price && known.compare_at_price == variant.compare_at_price
        });
        (!same).then_some(Self {
            variant: variant.id,
            price: variant.price,
            compare_at_price: variant.compare_at_price,
            seen_at: now,
        })
    }
}

/// A price paid on one day only was a slip, or a favour to somebody; what stood for all was paid again.
const LEAST_DAYS: usize = 2;

/// The prices of the time before the first record, as orders paid them: `paid` is the undiscounted price of a unit on each day on which all
/// units sold had the same one, oldest first. Each record begins with the day on which its price was first paid, so that the true change is
/// that day or, where nothing was sold in between, a little earlier.
///
/// Empty unless the latest of these prices is the one that was then seen: what orders pay may be another thing than what is shown,
/// for instance where prices contain tax.
#[must_use]
pub fn recalled(
    first: &PriceRecord,
    paid: &[(NaiveDate, i64)],
    calendar: &Calendar,
) -> Vec<PriceRecord> {
    let seen_on = calendar.day_of(first.seen_at);
    let mut levels: Vec<(NaiveDate, i64, usize)> = Vec::new();
    for (day, price) in paid.iter().filter(|(day, _)| *day < seen_on) {
        match levels.last_mut() {
            Some((_, level, days)) if level == price => *days += 1,
            _ => levels.push((*day, *price, 1)),
        }
    }
    if levels
        .last()
        .is_none_or(|(_, price, _)| *price != first.price)
    {
        return Vec::new();
    }
    levels.retain(|(_, price, days)| *days >= LEAST_DAYS || *price == first.price);
    levels.dedup_by_key(|(_, price, _)| *price);
    let records = levels.into_iter().map(|(day, price, _)| PriceRecord {
        variant: first.variant,
        price,
        compare_at_price: None,
        seen_at: calendar.start_of(day),
    });
    records.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(price: i64, compare_at_price: Option<i64>) -> Variant {
        Variant {
            id: VariantId(1),
            title: String::new(),
            sku: None,
            price,
            compare_at_price,
            inventory_item: None,
            inventory_quantity: None,
            tracked: None,
            unit_cost: None,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_another_price_or_another_price_to_compare_with_is_news() {
        let now = DateTime::UNIX_EPOCH;
        let first = PriceRecord::news(None, &variant(500, None), now).unwrap();
        let known = Some(&first);
        assert_eq!(PriceRecord::news(known, &variant(500, None), now), None);
        assert!(PriceRecord::news(known, &variant(499, None), now).is_some());
        assert!(PriceRecord::news(known, &variant(500, Some(600)), now).is_some());
    }

    #[track_caller]
    fn check(paid: &[(u32, i64)], expected: &[(u32, i64)]) {
        let day = |no| NaiveDate::from_ymd_opt(2026, 3, no).unwrap();
        let calendar = Calendar::parse("Europe/Berlin").unwrap();
        let first = PriceRecord {
            variant: VariantId(1),
            price: 1200,
            compare_at_price: None,
            seen_at: calendar.start_of(day(20)),
        };
        let paid: Vec<_> = paid.iter().map(|(no, price)| (day(*no), *price)).collect();
        let records = recalled(&first, &paid, &calendar);
        let found: Vec<_> = records
            .iter()
            .map(|r| (calendar.day_of(r.seen_at), r.price))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(no, p)| (day(*no), *p)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn prices_of_the_time_before_are_those_that_orders_paid() {
        check(&[(1, 1000), (3, 1000), (8, 1200)], &[(1, 1000), (8, 1200)]);
        // A favour of one day is no price of the shop.
        let favour = [(1, 1000), (3, 1000), (8, 1200), (9, 50), (10, 1200)];
        check(&favour, &[(1, 1000), (8, 1200)]);
        // From the day of the first record on there are records.
        check(&[(1, 1200), (20, 999), (21, 999)], &[(1, 1200)]);
    }

    #[test]
    fn what_does_not_lead_to_the_price_that_was_seen_says_nothing() {
        check(&[(1, 1000), (3, 1000), (8, 1008), (9, 1008)], &[]);
        check(&[], &[]);
    }
}
