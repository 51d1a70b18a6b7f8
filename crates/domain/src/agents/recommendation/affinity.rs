//! How much more often things stand in the same baskets than chance would have it.
//!
//! With `n` baskets, `a` with the one, `b` with the other and `x` with both:
//!
//! * support `x / n`, confidence `x / a` (of those with the one, the share that has the other, too), lift `x n / (a b)`;
//! * shares have Wilson's interval (Wilson, 1927), which stays within 0 and 1 and holds for few baskets as well;
//! * the lift's is taken on its logarithm, with the variance `1/x − 1/a − 1/b + (2 L − 1)/n` of the delta method over the four counts of a
//!   multinomial; it is meant for the ten and more baskets that are asked for, not for one or two;
//! * the test is Fisher's, one-sided: the probability of `x` or more together when all that is known are `n`, `a` and `b`.
//!
//! All intervals are of 95 %.

use crate::agents::stats::{exp, ln};

/// Standard deviations on each side that hold 95 % of a normal distribution.
const NINETY_FIVE: f64 = 1.959_963_984_540_054;

/// ½ ln(2π)
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_7;

/// A share of baskets with its interval, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub low: f64,
    pub value: f64,
    pub high: f64,
}

/// What counts of two things say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affinity {
    /// Of all baskets, those with both.
    pub support: Share,
    /// Of the baskets with the first, those with the second.
    pub confidence: Share,
    /// Of the baskets with the second, those with the first.
    pub backward: Share,
    /// Times as often together as chance would have it; not a share, and without an upper bound.
    pub lift: Share,
    /// Baskets with both that chance would have made.
    pub expected: f64,
    /// How likely chance alone makes so many, or more.
    pub p: f64,
}

impl Affinity {
    /// `together` of `all` baskets have both, `first` have the one and `second` the other. `None`: the counts cannot be, or nothing is
    /// together.
    #[must_use]
    pub fn of(all: u64, first: u64, second: u64, together: u64) -> Option<Self> {
        let fits = together > 0 && together <= first.min(second) && first.max(second) <= all;
        // So many baskets have something of the two at least.
        if !fits || first - together > all - second {
            return None;
        }
        let [n, a, b, x] = [all, first, second, together].map(float);
        let lift = x * n / (a * b);
        let variance = (1.0 / x - 1.0 / a - 1.0 / b + (2.0 * lift - 1.0) / n).max(0.0);
        let half = NINETY_FIVE * variance.sqrt();
        let log = ln(lift)?;
        Some(Self {
            support: Share::of(together, all),
            confidence: Share::of(together, first),
            backward: Share::of(together, second),
            lift: Share {
                low: exp(log - half),
                value: lift,
                high: exp(log + half),
            },
            expected: a * b / n,
            p: tail(all, first, second, together),
        })
    }
}

impl Share {
    /// Wilson's interval of `part` in `all`; `all` is at least 1.
    pub(super) fn of(part: u64, all: u64) -> Self {
        let (n, share) = (float(all.max(1)), float(part) / float(all.max(1)));
        let z2 = NINETY_FIVE * NINETY_FIVE;
        let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half =
            NINETY_FIVE / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        Self {
            low: (middle - half).clamp(0.0, share),
            value: share,
            high: (middle + half).clamp(share, 1.0),
        }
    }
}

/// P(X ≥ x) of the hypergeometric distribution: `a` of `n` baskets are marked, `b` are drawn. What is not above its mean is not asked about,
/// and gets 1.
fn tail(n: u64, a: u64, b: u64, x: u64) -> f64 {
    if float(x) <= float(a) * float(b) / float(n) {
        return 1.0;
    }
    let choose =
        |of: u64, some: u64| ln_factorial(of) - ln_factorial(some) - ln_factorial(of - some);
    let first = choose(a, x) + choose(n - a, b - x) - choose(n, b);
    // Above the mean each further term is smaller than the one before.
    let (mut term, mut sum) = (1.0, 1.0);
    let last = a.min(b);
    for k in x..last {
        let up = float(a - k) * float(b - k);
        let down = float(k + 1) * float(n + k + 1 - a - b);
        term *= up / down;
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    (exp(first) * sum).min(1.0)
}

/// ln n!: as it is up to 20, then Stirling's series with three terms (the next one is below 1e-12).
fn ln_factorial(n: u64) -> f64 {
    if n <= 20 {
        let product: u64 = (1..=n).product();
        return ln(float(product)).unwrap_or(0.0);
    }
    let x = float(n);
    let log = ln(x).unwrap_or(0.0);
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1_260.0));
    (x + 0.5) * log - x + HALF_LN_TAU + series
}

/// Which of the tests stand when `tests` were made in all, of which only those in `found` came out at all: the expected share of false
/// ones among them is at most `share`, however the tests hang together (Benjamini and Yekutieli, 2001). Answers the largest p that stands;
/// `None`: none does.
#[must_use]
pub(super) fn threshold(found: impl Iterator<Item = f64>, tests: f64, share: f64) -> Option<f64> {
    let mut ps: Vec<f64> = found.collect();
    ps.sort_by(f64::total_cmp);
    let step = share / (tests * harmonic(tests));
    let ranked = (1_u64..)
        .zip(&ps)
        .filter(|(rank, p)| **p <= float(*rank) * step);
    ranked.last().map(|(_, p)| *p)
}

/// 1 + ½ + … + 1/n, never less than it is.
fn harmonic(n: f64) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    if n <= 100.0 {
        let mut sum = 0.0;
        let mut k = 1.0;
        while k <= n {
            sum += 1.0 / k;
            k += 1.0;
        }
        return sum.max(1.0);
    }
    ln(n).unwrap_or(0.0) + EULER + 0.5 / n
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of orders are far below 2^53"
)]
const fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        let error = (found - expected).abs() / expected.abs().max(1e-300);
        assert!(error < 1e-9, "{found} {expected}");
    }

    /// By adding up whole numbers, in which nothing is rounded.
    fn exact(n: u64, a: u64, b: u64, x: u64) -> f64 {
        let choose = |of: u64, some: u64| -> u128 {
            if some > of {
                return 0;
            }
            (0..some).fold(1, |c, i| c * u128::from(of - i) / u128::from(i + 1))
        };
        let ways: u128 = (x..=a.min(b))
            .map(|k| choose(a, k) * choose(n - a, b - k))
            .sum();
        ways as f64 / choose(n, b) as f64
    }

    #[test]
    fn the_tea_lady_s_table_gives_fisher_s_own_figure() {
        // 3 of 4 right, of 8 cups: 17 / 70.
        close(tail(8, 4, 4, 3), 17.0 / 70.0);
        close(tail(8, 4, 4, 4), 1.0 / 70.0);
        assert_eq!(tail(8, 4, 4, 2), 1.0);
    }

    #[test]
    fn a_textbook_s_share_has_wilson_s_interval() {
        // 10 of 20: 0.2993 to 0.7007.
        let half = Share::of(10, 20);
        assert!((half.low - 0.299_298).abs() < 1e-6, "{half:?}");
        assert!((half.high - 0.700_702).abs() < 1e-6, "{half:?}");
        let none = Share::of(0, 20);
        assert_eq!((none.low, none.value), (0.0, 0.0));
        assert!((none.high - 0.161_125).abs() < 1e-6, "{none:?}");
    }

    #[test]
    fn counts_that_cannot_be_say_nothing() {
        assert_eq!(Affinity::of(10, 5, 5, 0), None);
        assert_eq!(Affinity::of(10, 5, 5, 6), None);
        assert_eq!(Affinity::of(10, 11, 5, 3), None);
        // 8 and 7 of 10 have at least 5 in common.
        assert_eq!(Affinity::of(10, 8, 7, 4), None);
        assert!(Affinity::of(10, 8, 7, 5).is_some());
    }

    #[test]
    fn ten_in_a_thousand_of_twenty_and_thirty() {
        let of = Affinity::of(1_000, 20, 30, 10).unwrap();
        close(of.support.value, 0.01);
        close(of.confidence.value, 0.5);
        close(of.backward.value, 1.0 / 3.0);
        close(of.lift.value, 10.0 * 1_000.0 / 600.0);
        close(of.expected, 0.6);
        // 1/10 − 1/20 − 1/30 + (2 · 16.67 − 1)/1000
        let deviation =
            (0.1_f64 - 0.05 - 1.0 / 30.0 + (2.0 * of.lift.value - 1.0) / 1_000.0).sqrt();
        close(
            of.lift.low,
            of.lift.value * (-NINETY_FIVE * deviation).exp(),
        );
    }

    #[test]
    fn a_million_orders_lose_no_digits() {
        assert!((ln_factorial(20) - 42.335_616_460_753_485).abs() < 1e-12);
        assert!((ln_factorial(21) - 45.380_138_898_476_91).abs() < 1e-11);
        assert!((ln_factorial(1_000_000) - 12_815_518.384_658_168).abs() < 1e-6);
        let of = Affinity::of(1_000_000, 1_000, 1_000, 12).unwrap();
        // Poisson with a mean of 1: 8.3e-10 or so.
        assert!(of.p > 5e-10 && of.p < 1.2e-9, "{}", of.p);
    }

    #[test]
    fn the_least_of_all_harmonic_sums_is_not_undercut() {
        close(harmonic(1.0), 1.0);
        close(harmonic(4.0), 25.0 / 12.0);
        let sum: f64 = (1..=5_000).map(|k| 1.0 / f64::from(k)).sum();
        let found = harmonic(5_000.0);
        assert!(found >= sum && found - sum < 1e-8, "{found} {sum}");
    }

    #[test]
    fn one_test_that_stands_lets_no_other_stand_that_is_worse_than_its_rank() {
        let (ps, tests) = ([0.001, 0.2, 0.012], 4.0);
        // 0.05 / (4 · 25/12) = 0.006 a rank: 0.001 and 0.012 stand, 0.2 does not.
        assert_eq!(threshold(ps.into_iter(), tests, 0.05), Some(0.012));
        assert_eq!(threshold([0.007].into_iter(), tests, 0.05), None);
        assert_eq!(threshold(std::iter::empty(), tests, 0.05), None);
    }

    /// Counts that can be, of at most 60 baskets.
    fn counts() -> impl Strategy<Value = (u64, u64, u64, u64)> {
        let sides = (2_u64..60).prop_flat_map(|n| (Just(n), 1..=n, 1..=n));
        sides.prop_flat_map(|(n, a, b)| {
            let least = (a + b).saturating_sub(n).max(1);
            (Just(n), Just(a), Just(b), least..=a.min(b))
        })
    }

    proptest! {
        #[test]
        fn the_tail_is_that_of_whole_numbers((n, a, b, x) in counts()) {
            let expected = exact(n, a, b, x);
            let found = tail(n, a, b, x);
            if (x * n) as f64 <= (a * b) as f64 {
                prop_assert_eq!(found, 1.0);
            } else {
                prop_assert!((found - expected).abs() <= 1e-9 * expected.max(1e-12), "{} {}", found, expected);
            }
        }

        #[test]
        fn intervals_hold_what_they_are_of(n in 1_u64..2_000, a in 1_u64..2_000, b in 1_u64..2_000, x in 1_u64..2_000) {
            if let Some(of) = Affinity::of(n, a, b, x) {
                for share in [of.support, of.confidence, of.backward] {
                    prop_assert!(0.0 <= share.low && share.low <= share.value && share.value <= share.high && share.high <= 1.0);
                }
                prop_assert!(of.lift.low <= of.lift.value * (1.0 + 1e-12) && of.lift.value <= of.lift.high * (1.0 + 1e-12));
                prop_assert!((0.0..=1.0).contains(&of.p));
                // The same whichever of the two is called the first.
                let turned = Affinity::of(n, b, a, x).unwrap();
                prop_assert!((turned.lift.value - of.lift.value).abs() < 1e-9 * of.lift.value);
                prop_assert_eq!(turned.confidence, of.backward);
            }
        }
    }
}
