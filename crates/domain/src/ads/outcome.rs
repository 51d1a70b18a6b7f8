//! What switching an advertisement, or changing what it may spend, brought: what it left on the days after, against what it left on the
//! days before.
//!
//! A campaign has no twin that was left alone, so that nothing takes out what the season did: the interval is the normal one of 80 % from
//! the spread of its own days (each side's days taken as independent), and sales that would have come without it are not known.

use crate::changes::Effect;

/// Of the normal distribution, for an interval of 80 %.
const Z80: f64 = 1.281_551_6;
/// On fewer days with spend before, nothing is told.
const LEAST_DAYS: usize = 7;

/// What is left of each day: claimed margin less spend, in minor units; days without a row are nothing.
///
/// # Errors
/// Why nothing can be told, as a sentence.
pub fn measure(before: &[i64], after: &[i64]) -> Result<Effect, String> {
    let ran = before.iter().filter(|left| **left != 0).count();
    if ran < LEAST_DAYS {
        return Err(format!(
            "it ran on {ran} of the {} days before; {LEAST_DAYS} are needed",
            before.len()
        ));
    }
    let days = u32::try_from(after.len()).unwrap_or(u32::MAX);
    let (mean_before, mean_after) = (mean(before), mean(after));
    let n = f64::from(days);
    let told = n * (mean_after - mean_before);
    let half = Z80 * (n * n * variance(before) / count(before) + n * variance(before)).sqrt();
    Ok(Effect {
        days,
        low: minor(told - half),
        mean: minor(told),
        high: minor(told + half),
    })
}

/// What a day leaves on average, over as many days to come, with the same interval; `None` on too few days with anything.
#[must_use]
pub fn expected(days: &[i64], ahead: u32) -> Option<Effect> {
    let ran = days.iter().filter(|left| **left != 0).count();
    if ran < LEAST_DAYS {
        return None;
    }
    let n = f64::from(ahead);
    let told = n * mean(days);
    let half = Z80 * (n * n * variance(days) / count(days) + n * variance(days)).sqrt();
    Some(Effect {
        days: ahead,
        low: minor(told - half),
        mean: minor(told),
        high: minor(told + half),
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "days are few, and a day's money in minor units is far below 2^52"
)]
fn count(days: &[i64]) -> f64 {
    days.len().max(1) as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a day's money in minor units is far below 2^52"
)]
fn mean(days: &[i64]) -> f64 {
    days.iter().map(|d| *d as f64).sum::<f64>() / count(days)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a day's money in minor units is far below 2^52"
)]
fn variance(days: &[i64]) -> f64 {
    let mean = mean(days);
    let squares = days.iter().map(|d| (*d as f64 - mean).powi(2));
    squares.sum::<f64>() / (count(days) - 1.0).max(1.0)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates, and such sums of money do not exist"
)]
fn minor(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(count: i64, left: i64) -> Vec<i64> {
        (0..count)
            .map(|no| left + if no % 2 == 0 { 10 } else { -10 })
            .collect()
    }

    #[test]
    fn a_pause_saves_what_was_lost_and_loses_what_was_earned() {
        let saved = measure(&days(28, -500), &[0; 28]).unwrap();
        assert_eq!((saved.days, saved.mean), (28, 28 * 500));
        assert!(saved.low > 0 && saved.low < saved.mean && saved.mean < saved.high);
        let lost = measure(&days(28, 500), &[0; 7]).unwrap();
        assert_eq!((lost.days, lost.mean), (7, -7 * 500));
        let same = measure(&days(28, 500), &days(28, 500)).unwrap();
        assert_eq!(same.mean, 0);
        assert!(same.low < 0 && same.high > 0);
    }

    #[test]
    fn what_hardly_ran_tells_nothing() {
        let mut few = vec![0; 22];
        few.extend(days(6, -500));
        assert!(measure(&few, &[0; 7]).unwrap_err().contains("6 of the 28"));
        assert_eq!(expected(&few, 28), None);
        few.push(-500);
        assert!(measure(&few, &[0; 7]).is_ok());
    }

    #[test]
    fn more_days_tell_more() {
        let width = |days: &[i64]| {
            let effect = expected(days, 28).unwrap();
            effect.high - effect.low
        };
        assert!(width(&days(28, -500)) < width(&days(8, -500)));
        assert_eq!(expected(&days(28, -500), 28).unwrap().mean, -14_000);
    }
}
