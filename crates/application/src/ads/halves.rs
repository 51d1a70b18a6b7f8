//! Halves of sales: kept as twice the figure, and told in minor units that add up to the whole.

use super::Attributed;
use domain::report::Figures;
use domain::rollup::Measures;
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Twice the figures, so that halves are whole numbers until they are told.
#[derive(Debug, Clone, Default)]
pub(super) struct Half {
    orders: i64,
    net_revenue: i64,
    cm2: Option<i64>,
    is_set: bool,
}

impl Half {
    /// `share`: 2 for the whole, 1 for half of it.
    pub(super) fn of(measures: Measures, share: i64) -> Self {
        let figures = Figures::of(measures);
        Self {
            orders: measures.orders * share,
            net_revenue: figures.net_revenue * share,
            cm2: figures.cm2.map(|cm2| cm2 * share),
            is_set: true,
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.orders += other.orders;
        self.net_revenue += other.net_revenue;
        self.cm2 = match (self.is_set, self.cm2, other.cm2) {
            (false, _, other) => other,
            (true, Some(own), Some(other)) => Some(own + other),
            _ => None,
        };
        self.is_set = true;
    }

    pub(super) fn take(&mut self, other: &Self) {
        self.orders -= other.orders;
        self.net_revenue -= other.net_revenue;
        self.cm2 = self.cm2.zip(other.cm2).map(|(own, other)| own - other);
    }
}

pub(super) fn halves(sums: BTreeMap<String, Measures>, share: i64) -> BTreeMap<String, Half> {
    let sums = sums.into_iter();
    sums.map(|(key, measures)| (key, Half::of(measures, share)))
        .collect()
}

/// In the same order. Each amount is at most half a minor unit from the exact one, and together they are the whole ([`whole`]).
pub(super) fn told<'a>(parts: impl IntoIterator<Item = &'a Half>) -> Vec<Attributed> {
    let parts: Vec<&Half> = parts.into_iter().collect();
    let revenue: Vec<i64> = parts.iter().map(|half| half.net_revenue).collect();
    let known: Vec<i64> = parts.iter().filter_map(|half| half.cm2).collect();
    let mut known = whole(&known).into_iter();
    let parts = parts.into_iter().zip(whole(&revenue));
    parts
        .map(|(half, net_revenue)| Attributed {
            orders: Decimal::new(half.orders * 5, 1).normalize(),
            net_revenue,
            cm2: half.cm2.and_then(|_| known.next()),
        })
        .collect()
}

pub(super) fn told_alone(half: &Half) -> Attributed {
    told([half]).pop().unwrap_or_default()
}

/// Half of each, by largest remainder: every remainder is half a unit or nothing, so that of the odd ones half are rounded up, the largest
/// amounts first and the first of equals first. The sum is half of the sum; half a unit that is left over is rounded up.
fn whole(twice: &[i64]) -> Vec<i64> {
    let mut parts: Vec<i64> = twice.iter().map(|twice| twice.div_euclid(2)).collect();
    let is_odd = |i: &usize| twice[*i].rem_euclid(2) == 1;
    let mut odd: Vec<usize> = (0..twice.len()).filter(is_odd).collect();
    odd.sort_by_key(|i| (Reverse(twice[*i].unsigned_abs()), *i));
    let up = odd.len().div_ceil(2);
    for i in odd.into_iter().take(up) {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half(net_revenue: i64, cm2: Option<i64>) -> Half {
        Half {
            orders: 1,
            net_revenue,
            cm2,
            is_set: true,
        }
    }

    #[test]
    fn two_halves_of_an_odd_cent_are_one_cent() {
        assert_eq!(whole(&[1_001, 1_001]), [501, 500]);
        assert_eq!(whole(&[7, 1_001]), [3, 501], "the larger has it");
        assert_eq!(whole(&[-3, -3]), [-1, -2], "what was given back");
        assert_eq!(whole(&[4, 0, -6]), [2, 0, -3]);
        assert_eq!(whole(&[]), [0_i64; 0]);
    }

    #[test]
    fn parts_add_up_whatever_they_are() {
        // All rows of four small amounts, given back or not.
        for seed in 0..6_561_i64 {
            let digit = |place: i64| seed / place % 9 - 4;
            let twice = [digit(1), digit(9), digit(81), digit(729)];
            let parts = whole(&twice);
            let sum: i64 = twice.iter().sum();
            let exact = if sum.rem_euclid(2) == 0 { sum } else { sum + 1 };
            assert_eq!(parts.iter().sum::<i64>() * 2, exact, "{twice:?}");
            for (part, twice) in parts.iter().zip(twice) {
                assert!((part * 2 - twice).abs() <= 1, "{twice}: {part}");
            }
        }
    }

    #[test]
    fn a_margin_that_is_not_known_stays_so_and_the_others_add_up() {
        let told = told(&[half(3, Some(5)), half(5, None), half(2, Some(7))]);
        let margins: Vec<_> = told.iter().map(|own| own.cm2).collect();
        assert_eq!(margins, [Some(2), None, Some(4)]);
        let revenue: Vec<_> = told.iter().map(|own| own.net_revenue).collect();
        assert_eq!(revenue, [1, 3, 1]);
        assert_eq!(told[0].orders, Decimal::new(5, 1));
    }
}
