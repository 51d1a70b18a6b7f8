//! Units as numbers, and back.

use crate::agents::stats::below;

/// A count of units; exact up to 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts of goods")]
#[must_use]
pub fn units(count: i64) -> f64 {
    count as f64
}

/// Whole units, upwards; nothing below 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "held between 0 and a million millions"
)]
#[must_use]
pub fn quantity(units: f64) -> i64 {
    // What is whole but for its last bits stays so.
    (units - 1e-9).ceil().clamp(0.0, 1e12) as i64
}

/// How many standard deviations a share of all lies below.
pub(super) fn deviations(share: f64) -> f64 {
    let (mut low, mut high) = (-8.0, 8.0);
    for _ in 0..60 {
        let mid = f64::midpoint(low, high);
        if below(mid) < share {
            low = mid;
        } else {
            high = mid;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_levels_have_the_deviations_of_the_tables() {
        for (share, z) in [
            (0.9, 1.2816),
            (0.95, 1.6449),
            (0.98, 2.0537),
            (0.99, 2.3263),
        ] {
            assert!((deviations(share) - z).abs() < 1e-4, "{share}");
        }
    }

    #[test]
    fn parts_of_a_unit_are_whole_ones() {
        let whole = [0.0, -3.0, 2.0, 2.000_000_000_1, 2.1, f64::NAN].map(quantity);
        assert_eq!(whole, [0, 0, 2, 2, 3, 0]);
    }
}
