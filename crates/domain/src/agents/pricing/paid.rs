//! The prices of the time before any was seen, as orders paid them.

use super::facts::{DaySales, VariantFacts};

/// Days as indices, on which one price was paid.
#[derive(Debug, Clone, Copy)]
struct Level {
    price: i64,
    first: usize,
    last: usize,
}

/// Fills in the days before the price was first seen (`seen`, the day of that), where orders tell at what price everything was sold.
/// `index` says where a day stands in `prices`.
///
/// When a price changed between two sales, nobody knows. So a price is taken to have stood only strictly between the first and the last day
/// on which it was paid: what is sold on those two days dates them and is not counted. Without them the days that are left show the
/// mean demand at that price, however seldom anything is sold: first and last sale are stopping times of a process that does not
/// remember (the strong Markov property of a Poisson process, once in time and once against it). To take the days up to the next sale as
/// days at the old price would instead date a change later the fewer units are sold at the new one.
///
/// Nothing where the latest of these prices is not the one that was then seen: what orders pay may be another thing than what is shown, for
/// instance where shown prices contain tax.
pub(super) fn fill(
    prices: &mut [Option<i64>],
    variant: &VariantFacts,
    seen: usize,
    index: impl Fn(&DaySales) -> Option<usize>,
) {
    let Some(first) = variant.prices.iter().min_by_key(|p| p.seen_at) else {
        return;
    };
    let paid = variant
        .sales
        .iter()
        .filter_map(|s| Some((index(s)?, s.price?)));
    let levels = levels(paid.filter(|(day, _)| *day < seen));
    if levels.last().is_none_or(|level| level.price != first.price) {
        return;
    }
    for (n, level) in levels.iter().enumerate() {
        let is_latest = n + 1 == levels.len();
        // The latest is the price that was then seen: it stood up to that day and on it.
        let until = if is_latest { seen + 1 } else { level.last };
        let days = level.first + 1..until.min(prices.len());
        if days.start < days.end {
            prices[days].fill(Some(level.price));
        }
    }
}

/// One after the other. A single day between two at the same price was a slip, or a favour to somebody.
fn levels(paid: impl Iterator<Item = (usize, i64)>) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for (day, price) in paid {
        if let [.., before, one] = levels.as_slice()
            && one.first == one.last
            && before.price == price
        {
            levels.pop();
        }
        match levels.last_mut() {
            Some(level) if level.price == price => level.last = day,
            _ => levels.push(Level {
                price,
                first: day,
                last: day,
            }),
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, day, first, seen, steady};
    use super::*;

    const LENGTH: usize = 40;

    /// What is known of each day: paid on these days, and seen at 12.00 on the twentieth.
    fn filled(paid: &[(usize, Option<i64>)]) -> Vec<Option<i64>> {
        let mut variant = steady(1, 1_200, |_| 0);
        variant.prices = vec![seen(1, 1_200, at(20))];
        variant.sales = paid
            .iter()
            .map(|(n, price)| DaySales {
                day: day(*n as u64),
                units: 1,
                orders: 1,
                net: 1_000,
                price: *price,
            })
            .collect();
        let mut prices = vec![None; LENGTH];
        fill(&mut prices, &variant, 20, |s| {
            usize::try_from((s.day - first()).num_days()).ok()
        });
        prices
    }

    #[track_caller]
    fn check(paid: &[(usize, Option<i64>)], expected: &[(std::ops::Range<usize>, i64)]) {
        let mut prices = vec![None; LENGTH];
        for (days, price) in expected {
            prices[days.clone()].fill(Some(*price));
        }
        assert_eq!(filled(paid), prices);
    }

    #[test]
    fn a_price_stood_between_the_first_and_the_last_day_on_which_it_was_paid() {
        let (old, new) = (Some(1_000), Some(1_200));
        let paid = [(1, old), (4, old), (9, old), (13, new), (15, new)];
        check(&paid, &[(2..9, 1_000), (14..21, 1_200)]);
    }

    #[test]
    fn what_was_paid_on_one_day_or_at_several_prices_is_no_price_of_the_shop() {
        let (old, new) = (Some(1_000), Some(1_200));
        let favour = [(1, old), (4, Some(50)), (9, old), (11, None), (13, new)];
        check(&favour, &[(2..9, 1_000), (14..21, 1_200)]);
    }

    #[test]
    fn prices_that_do_not_lead_to_the_one_that_was_seen_say_nothing() {
        check(
            &[
                (1, Some(1_000)),
                (4, Some(1_000)),
                (9, Some(1_008)),
                (13, Some(1_008)),
            ],
            &[],
        );
        check(&[], &[]);
        // What was paid once there are records is what they tell.
        check(&[(22, Some(999)), (23, Some(999))], &[]);
    }
}
