//! A mean over customers with its interval, in whole minor units: the same rows give the same interval on every machine.

use serde::{Deserialize, Serialize};

/// Below this many customers the normal approximation says nothing about values as skewed as these.
pub const MIN_FOR_INTERVAL: u64 = 30;

/// (1.96 × 100)²: a 95 % interval.
const Z_SQUARED: u128 = 38_416;
const Z_SCALE: u128 = 10_000;

/// Count, sum and sum of squares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    pub count: u64,
    pub sum: i128,
    pub squares: i128,
}

impl Moments {
    pub fn add(&mut self, value: i64) {
        let value = i128::from(value);
        self.count += 1;
        self.sum += value;
        self.squares += value * value;
    }

    /// `None` for nobody.
    #[must_use]
    pub fn mean(&self) -> Option<i64> {
        let n = i128::from(self.count);
        (n > 0).then(|| clamp(divide(self.sum, n)))
    }

    /// Square of the half width of the interval of the mean: z² s² / n.
    fn half_squared(&self) -> Option<u128> {
        if self.count < MIN_FOR_INTERVAL {
            return None;
        }
        let n = u128::from(self.count);
        let spread = i128::from(self.count)
            .checked_mul(self.squares)?
            .checked_sub(self.sum.checked_mul(self.sum)?)?;
        let spread = u128::try_from(spread).ok()?;
        Some(spread.checked_mul(Z_SQUARED)? / (n * n * (n - 1) * Z_SCALE))
    }

    #[must_use]
    pub fn estimate(&self) -> Option<Estimate> {
        let mean = self.mean()?;
        let half = self.half_squared().map(half);
        Some(Estimate {
            mean,
            low: half.map(|h| mean.saturating_sub(h)),
            high: half.map(|h| mean.saturating_add(h)),
            customers: self.count,
        })
    }

    /// The mean of this plus the mean of an increment that was seen on others; both uncertainties add up. `None` where either is
    /// seen on too few: a projection without an interval is not made.
    #[must_use]
    pub fn projected(&self, increment: &Self) -> Option<Estimate> {
        let mean = self.mean()?.saturating_add(increment.mean()?);
        let half = half(self.half_squared()? + increment.half_squared()?);
        Some(Estimate {
            mean,
            low: Some(mean.saturating_sub(half)),
            high: Some(mean.saturating_add(half)),
            customers: self.count,
        })
    }
}

fn half(squared: u128) -> i64 {
    let root = squared.isqrt();
    // Rounded up: an interval is never drawn too narrow.
    let up = root + u128::from(root * root < squared);
    i64::try_from(up).unwrap_or(i64::MAX)
}

/// Half away from zero.
fn divide(sum: i128, by: i128) -> i128 {
    (sum.abs() * 2 + by) / (by * 2) * sum.signum()
}

fn clamp(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

/// A mean in minor units with its 95 % interval (normal approximation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    pub mean: i64,
    /// `None` below [`MIN_FOR_INTERVAL`] customers.
    pub low: Option<i64>,
    pub high: Option<i64>,
    pub customers: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_textbook() {
        let mut moments = Moments::default();
        // 50 × 900 and 50 × 1 100: s² = 10 000 × 100/99, half = 1.96 × √(s²/100) = 19.70
        for _ in 0..50 {
            moments.add(900);
            moments.add(1_100);
        }
        let estimate = moments.estimate().unwrap();
        assert_eq!(
            (estimate.mean, estimate.low, estimate.high),
            (1_000, Some(980), Some(1_020))
        );
    }

    #[test]
    fn few_have_a_mean_without_interval_and_nobody_has_none() {
        let mut moments = Moments::default();
        assert_eq!(moments.estimate(), None);
        moments.add(-5);
        moments.add(-10);
        let estimate = moments.estimate().unwrap();
        assert_eq!(
            (estimate.mean, estimate.low),
            (-8, None),
            "−7.5 away from zero"
        );
        assert_eq!(moments.projected(&moments), None);
    }
}
