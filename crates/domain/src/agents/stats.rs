//! A few functions that the standard library leaves to the platform's own, whose last bits differ between machines. These are made of the
//! four operations alone, which IEEE 754 fixes to the bit.

/// Below and above, `exp` is 0 or too large for what is computed here.
const EXP_MOST: f64 = 700.0;

/// Natural logarithm; `None` for what has none.
pub(crate) fn ln(x: f64) -> Option<f64> {
    if !x.is_normal() || x < 0.0 {
        return None;
    }
    // x = m · 2^k with m from 1 to 2, then around 1.
    let bits = x.to_bits();
    let exponent = i32::try_from((bits >> 52) & 0x7ff).ok()? - 1023;
    let m = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    let (m, k) = if m > std::f64::consts::SQRT_2 {
        (m / 2.0, exponent + 1)
    } else {
        (m, exponent)
    };
    // ln m = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1), of which |s| < 0.172.
    let s = (m - 1.0) / (m + 1.0);
    let mut power = s;
    let mut sum = 0.0;
    for n in 0..13 {
        sum += power / f64::from(2 * n + 1);
        power *= s * s;
    }
    Some(2.0 * sum + f64::from(k) * std::f64::consts::LN_2)
}

/// e^x, from about 1e-304 to 1e304.
pub(crate) fn exp(x: f64) -> f64 {
    let x = if x.is_nan() {
        0.0
    } else {
        x.clamp(-EXP_MOST, EXP_MOST)
    };
    let k = (x / std::f64::consts::LN_2).round();
    let r = x - k * std::f64::consts::LN_2;
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..20 {
        term *= r / f64::from(n);
        sum += term;
    }
    // |k| is at most 1010.
    let two_to_k = f64::from_bits(((k as i64 + 1023) as u64) << 52);
    sum * two_to_k
}

/// The share of a normal distribution that lies below `x` standard deviations.
pub(crate) fn below(x: f64) -> f64 {
    if x < 0.0 {
        return 1.0 - below(-x);
    }
    if x.is_nan() || x > 8.0 {
        return 1.0;
    }
    // ½ + φ(x) (x + x³/3 + x⁵/(3·5) + …), all of one sign.
    let (mut term, mut sum) = (x, x);
    for n in 1..150 {
        term *= x * x / f64::from(2 * n + 1);
        sum += term;
    }
    let density = exp(-x * x / 2.0) / ROOT_OF_TAU;
    (0.5 + density * sum).min(1.0)
}

/// √(2π)
const ROOT_OF_TAU: f64 = 2.506_628_274_631_000_5;

/// Standard deviations on each side of the mean that hold 80 % of a normal distribution.
pub(crate) const EIGHTY: f64 = 1.281_551_565_544_600_4;

/// Points and weights that replace a normal distribution (Gauss–Hermite, exact up to the ninth moment).
pub(super) const FIVE: [(f64, f64); 5] = [
    (-2.856_970_013_872_805_6, 0.011_257_411_327_720_7),
    (-1.355_626_179_974_266, 0.222_075_922_005_612_6),
    (0.0, 0.533_333_333_333_333_3),
    (1.355_626_179_974_266, 0.222_075_922_005_612_6),
    (2.856_970_013_872_805_6, 0.011_257_411_327_720_7),
];

/// The same with three points, exact up to the fifth moment.
pub(super) const THREE: [(f64, f64); 3] = [
    (-1.732_050_807_568_877_2, 1.0 / 6.0),
    (0.0, 2.0 / 3.0),
    (1.732_050_807_568_877_2, 1.0 / 6.0),
];

/// Wilson's score interval of 95 % (z = 1.96) for a share that is `hits` of `of`, in ten-thousandths; `None` of none.
/// Wilson 1927; it stays within 0 and 1, and is right also of few.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts of what people decided, and shares of them"
)]
pub(crate) fn wilson(hits: i64, of: i64) -> Option<(i64, i64)> {
    const Z: f64 = 1.959_964;
    if of <= 0 || !(0..=of).contains(&hits) {
        return None;
    }
    let n = of as f64;
    let share = hits as f64 / n;
    let below = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / below;
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt() / below;
    let whole = |share: f64| ((share * 10_000.0).round() as i64).clamp(0, 10_000);
    Some((whole(middle - half), whole(middle + half)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_share_is_that_of_the_tables() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 8), Some((1_368, 6_943)));
        assert_eq!(wilson(0, 10), Some((0, 2_775)));
        assert_eq!(wilson(10, 10), Some((7_225, 10_000)));
    }
    use proptest::prelude::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        let error = (found - expected).abs() / expected.abs().max(1.0);
        assert!(error < 1e-14, "{found} {expected}");
    }

    #[test]
    fn shares_are_those_of_the_tables() {
        close(below(0.0), 0.5);
        close(below(1.96), 0.975_002_104_851_779_5);
        close(below(-1.0), 0.158_655_253_931_457_05);
        close(below(EIGHTY), 0.9);
        close(below(7.9), 1.0);
        close(below(f64::INFINITY), 1.0);
        close(below(f64::NEG_INFINITY), 0.0);
    }

    #[test]
    fn what_has_no_logarithm_has_none() {
        for x in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(ln(x), None);
        }
        assert!(exp(1e9).is_finite() && exp(-1e9) > 0.0);
        close(exp(f64::NAN), 1.0);
    }

    #[test]
    fn points_stand_for_a_normal_distribution() {
        for points in [&FIVE[..], &THREE[..]] {
            let moment = |n: i32| points.iter().map(|(x, w)| w * x.powi(n)).sum::<f64>();
            close(moment(0), 1.0);
            close(moment(1), 0.0);
            close(moment(2), 1.0);
            close(moment(4), 3.0);
        }
    }

    /// Computed with the same operations in another language.
    #[test]
    fn the_last_bits_are_these_on_every_machine() {
        let bits = [ln(3.7).unwrap(), exp(-1.3), below(0.7)].map(f64::to_bits);
        let expected = [
            0x3ff4_eeee_650a_e54f,
            0x3fd1_7129_308c_e27e,
            0x3fe8_41d5_715c_32a8,
        ];
        assert_eq!(bits, expected);
    }

    proptest! {
        #[test]
        fn they_are_the_functions_that_they_are_named_after(x in 1e-9_f64..1e12, y in -300.0_f64..300.0) {
            close(ln(x).unwrap(), x.ln());
            prop_assert!((exp(y) / y.exp() - 1.0).abs() < 1e-12);
            prop_assert!((ln(exp(y)).unwrap() - y).abs() < 1e-11);
        }
    }
}
