//! What a set of price changes brought, against what was predicted: before and after, next to variants that were left alone.
//!
//! Difference in differences on daily contribution: what the changed variants would have brought is what they brought before, times
//! how the others went from the same days to the same days (Card and Krueger 1994). The interval is the normal one of 80 %, from the
//! spread of days; it is wide after one day, and honest about it.

use super::set::Effect;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Days after the change at which it is measured.
pub const WINDOWS: [u32; 4] = [1, 3, 7, 28];
/// Days before the change that it is compared with: whole weeks.
pub const BEFORE_DAYS: u64 = 28;
/// Fewer sold units before the change tell nothing about its effect.
pub const LEAST_UNITS: i64 = 10;
/// Of the others together, over the days before.
pub const LEAST_CONTROL_UNITS: i64 = 30;
/// Of the normal distribution, for an interval of 80 %.
const Z80: f64 = 1.281_551_6;

/// Money is minor units of the store's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub window_days: u32,
    /// The last day of the window.
    pub through: NaiveDate,
    pub measured_at: DateTime<Utc>,
    /// Over the window; `None` where it cannot be told.
    pub effect: Option<Effect>,
    /// Why it cannot be told.
    pub unknown: Option<String>,
    /// What it was measured with, as a sentence.
    pub method: String,
}

/// What something brought on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayMargin {
    pub units: i64,
    /// Net sales less cost of goods.
    pub margin: i64,
}

/// The same days of what was changed and of what was left alone; days without a sale are zeros.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    pub before: Vec<DayMargin>,
    pub after: Vec<DayMargin>,
    pub others_before: Vec<DayMargin>,
    pub others_after: Vec<DayMargin>,
}

/// The days before and after a change on `day`, which itself belongs to neither; both ends included.
#[must_use]
pub fn spans(day: NaiveDate, window_days: u32) -> Option<[(NaiveDate, NaiveDate); 2]> {
    let before = (
        day.checked_sub_days(Days::new(BEFORE_DAYS))?,
        day.pred_opt()?,
    );
    let after = (
        day.succ_opt()?,
        day.checked_add_days(Days::new(u64::from(window_days)))?,
    );
    Some([before, after])
}

/// The effect over the days after.
///
/// # Errors
/// Why it cannot be told, as a sentence.
pub fn measure(days: &Compared) -> Result<Effect, String> {
    let sold: i64 = days.before.iter().map(|d| d.units).sum();
    if sold < LEAST_UNITS {
        return Err(format!(
            "{sold} units were sold in the {BEFORE_DAYS} days before; {LEAST_UNITS} are needed"
        ));
    }
    let others: i64 = days.others_before.iter().map(|d| d.units).sum();
    let (own, rest) = (Spread::of(&days.before), Spread::of(&days.others_before));
    let after = Spread::of(&days.after);
    let rest_after = Spread::of(&days.others_after);
    if others < LEAST_CONTROL_UNITS || rest.mean <= 0.0 || after.days == 0.0 {
        return Err(format!(
            "too little was sold of what was left alone to compare with: {others} units, {LEAST_CONTROL_UNITS} are needed"
        ));
    }
    let ratio = rest_after.mean / rest.mean;
    let would_have = own.mean * ratio;
    let mean = (after.mean - would_have) * after.days;
    // Of a sum of days, of a mean of days, and of the ratio, by the first terms of their expansions; days are taken as independent.
    let of_sum = after.days * own.variance * ratio * ratio;
    let of_mean = (after.days * ratio).powi(2) * own.variance / own.days;
    let of_ratio = (after.days * own.mean).powi(2)
        * (rest.variance / rest.days * ratio * ratio + rest.variance * ratio.abs() / after.days)
        / (rest.mean * rest.mean);
    let half = Z80 * (of_sum + of_mean + of_ratio).sqrt();
    let days = u32::try_from(days.after.len()).unwrap_or(u32::MAX);
    Ok(Effect {
        days,
        low: minor(mean - half),
        mean: minor(mean),
        high: minor(mean + half),
    })
}

struct Spread {
    days: f64,
    mean: f64,
    variance: f64,
}

impl Spread {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a day's margin in minor units is far below 2^52"
    )]
    fn of(days: &[DayMargin]) -> Self {
        let count = days.len() as f64;
        let mean = days.iter().map(|d| d.margin as f64).sum::<f64>() / count.max(1.0);
        let squares = days.iter().map(|d| (d.margin as f64 - mean).powi(2));
        Self {
            days: count,
            mean,
            variance: squares.sum::<f64>() / (count - 1.0).max(1.0),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast of a float saturates, and such sums of money do not exist"
)]
fn minor(value: f64) -> i64 {
    value.round() as i64
}

/// How many predictions could be measured, and how many came true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calibration {
    pub measured: u32,
    pub agreed: u32,
}

/// Fewer measurements are no score.
const LEAST_FOR_A_SCORE: u32 = 5;
/// Fewer measurements do not make an agent ask again.
const LEAST_TO_LOWER: u32 = 10;

impl Calibration {
    /// Counts the longest window that could be told, once for each set.
    pub fn add(&mut self, predicted: Option<&Effect>, outcomes: &[Outcome]) {
        let told = outcomes.iter().filter(|o| o.effect.is_some());
        let longest = told.max_by_key(|o| o.window_days);
        let measured = longest.and_then(|o| Some((o.window_days, o.effect?)));
        if let (Some(predicted), Some((days, measured))) = (predicted, measured) {
            self.measured += 1;
            self.agreed += u32::from(predicted.over(days).agrees(&measured));
        }
    }

    /// The share that came true, in thousandths; `None` while there is too little to say.
    #[must_use]
    pub const fn score(&self) -> Option<u32> {
        if self.measured < LEAST_FOR_A_SCORE {
            return None;
        }
        Some(self.agreed * 1_000 / self.measured)
    }

    /// Fewer than half: intervals of 80 % that are measured with another of 80 % miss each other far less often when both are honest.
    #[must_use]
    pub const fn is_off(&self) -> bool {
        self.measured >= LEAST_TO_LOWER && self.agreed * 2 < self.measured
    }
}

impl Effect {
    /// As much of it as belongs to fewer or more days.
    #[must_use]
    pub fn over(&self, days: u32) -> Self {
        let share = |money: i64| {
            let all = i128::from(money) * i128::from(days);
            i64::try_from(all / i128::from(self.days.max(1))).unwrap_or(money)
        };
        Self {
            days,
            low: share(self.low),
            mean: share(self.mean),
            high: share(self.high),
        }
    }

    /// Whether what was predicted and what was measured can both be true: their intervals have something in common.
    #[must_use]
    pub const fn agrees(&self, measured: &Self) -> bool {
        self.low <= measured.high && measured.low <= self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(count: usize, units: i64, margin: i64) -> Vec<DayMargin> {
        // A day more, a day less: there is a spread.
        (0..count)
            .map(|no| DayMargin {
                units,
                margin: margin + if no % 2 == 0 { 10 } else { -10 },
            })
            .collect()
    }

    fn compared(after: i64, others_after: i64) -> Compared {
        Compared {
            before: days(28, 2, 1000),
            after: days(28, 2, after),
            others_before: days(28, 20, 9000),
            others_after: days(28, 20, others_after),
        }
    }

    #[test]
    fn an_effect_is_what_the_others_did_not_do_too() {
        let alone = measure(&compared(1200, 9000)).unwrap();
        assert_eq!(alone.mean, 28 * 200);
        assert!(alone.low < alone.mean && alone.mean < alone.high);
        // The whole store sold a fifth more.
        let season = measure(&compared(1200, 10_800)).unwrap();
        assert_eq!(season.mean, 0);
        assert!(season.low < 0 && 0 < season.high);
    }

    #[test]
    fn a_day_tells_less_than_four_weeks() {
        let long = measure(&compared(1200, 9000)).unwrap();
        let mut day = compared(1200, 9000);
        day.after.truncate(1);
        day.others_after.truncate(1);
        let short = measure(&day).unwrap();
        let width = |e: &Effect| (e.high - e.low) / i64::from(e.days);
        assert!(width(&short) > 2 * width(&long), "{short:?} {long:?}");
    }

    #[test]
    fn too_few_sales_tell_nothing() {
        let mut few = compared(1200, 9000);
        few.before = days(28, 0, 0);
        assert!(measure(&few).unwrap_err().contains("0 units"));
        let mut alone = compared(1200, 9000);
        alone.others_before.clear();
        assert!(measure(&alone).unwrap_err().contains("left alone"));
    }

    #[test]
    fn predictions_are_compared_over_the_same_days() {
        let predicted = Effect {
            days: 28,
            low: 280,
            mean: 560,
            high: 840,
        };
        let week = predicted.over(7);
        assert_eq!((week.low, week.mean, week.high), (70, 140, 210));
        let measured = |low, high| Effect {
            days: 7,
            low,
            mean: (low + high) / 2,
            high,
        };
        assert!(week.agrees(&measured(200, 400)));
        assert!(!week.agrees(&measured(211, 400)));
        assert!(!week.agrees(&measured(-90, 69)));
    }

    #[test]
    fn a_score_needs_measurements_and_asking_again_needs_more() {
        let effect = |days, low, high| Effect {
            days,
            low,
            mean: (low + high) / 2,
            high,
        };
        let outcome = |window_days, effect| Outcome {
            window_days,
            through: NaiveDate::default(),
            measured_at: DateTime::UNIX_EPOCH,
            effect,
            unknown: None,
            method: String::new(),
        };
        let predicted = effect(28, 100, 300);
        let mut calibration = Calibration::default();
        for no in 0..10 {
            // The week agrees, and the four weeks, which count, do in four of ten.
            let month = if no < 4 { 200 } else { -900 };
            let outcomes = [
                outcome(7, Some(effect(7, 20, 60))),
                outcome(28, Some(effect(28, month - 50, month + 50))),
            ];
            calibration.add(Some(&predicted), &outcomes);
            calibration.add(None, &outcomes);
            calibration.add(Some(&predicted), &[outcome(1, None)]);
            assert_eq!(calibration.score().is_some(), no >= 4);
            assert_eq!(calibration.is_off(), no == 9);
        }
        assert_eq!(calibration.score(), Some(400));
    }

    #[test]
    fn the_day_of_the_change_belongs_to_neither_side() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let [before, after] = spans(day("2026-03-01"), 3).unwrap();
        assert_eq!(before, (day("2026-02-01"), day("2026-02-28")));
        assert_eq!(after, (day("2026-03-02"), day("2026-03-04")));
    }
}
