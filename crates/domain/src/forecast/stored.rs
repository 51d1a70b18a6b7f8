//! A forecast as it is kept: read on later days it goes on where they begin.

use super::{Forecast, History, OwnPast, Series};
use crate::ids::{ProductId, VariantId};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many days ahead people are shown.
pub const AHEAD: usize = 28;
/// How many days a forecast may be carried on before it is made again.
pub const KEEPS: usize = 7;
/// How many days ahead are told, so that a carried one still reaches [`AHEAD`] days.
pub const HORIZON: usize = AHEAD + KEEPS;
/// Standard deviations from the middle of a normal distribution to a bound of 80 %.
const OF_80: f64 = 1.282;
/// To a bound of 90 %.
const NEWS: f64 = 1.645;
/// Nothing smaller is news, however sure a forecast was.
const HALF_A_UNIT: f64 = 0.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetLevel {
    Variant,
    Product,
    Category,
    Store,
}

impl TargetLevel {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Variant => "variant",
            Self::Product => "product",
            Self::Category => "category",
            Self::Store => "store",
        }
    }
}

/// A product type by a number of its own; the same name has the same one everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CategoryId(pub i64);

impl CategoryId {
    const NAMES: Uuid = Uuid::from_u128(0x6a1c_9d70_55e3_4b0e_9f43_2c7d_08b6_11a4);

    /// `None` for products without a type.
    #[must_use]
    pub fn of(product_type: &str) -> Option<Self> {
        let name = product_type.trim();
        let (_, low) = Uuid::new_v5(&Self::NAMES, name.as_bytes()).as_u64_pair();
        let number = i64::try_from(low >> 1).ok()?;
        (!name.is_empty()).then_some(Self(number))
    }
}

/// What is forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Variant(VariantId),
    Product(ProductId),
    Category(CategoryId),
    Store,
}

impl Target {
    #[must_use]
    pub const fn level(self) -> TargetLevel {
        match self {
            Self::Variant(_) => TargetLevel::Variant,
            Self::Product(_) => TargetLevel::Product,
            Self::Category(_) => TargetLevel::Category,
            Self::Store => TargetLevel::Store,
        }
    }

    /// Its number among those of its level.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Variant(id) => id.0,
            Self::Product(id) => id.0,
            Self::Category(id) => id.0,
            Self::Store => 0,
        }
    }
}

/// One day; as in [`super::Step`], with the bounds of the 80 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StoredStep {
    pub mean: f64,
    pub point: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredForecast {
    pub target: Target,
    /// The first day that it tells.
    pub first: NaiveDate,
    pub made_at: DateTime<Utc>,
    pub steps: Vec<StoredStep>,
    /// In words.
    pub model: String,
    /// The model with the most to say.
    pub lead: String,
    pub trained: (NaiveDate, NaiveDate),
    /// Days that it was learned from, those without stock left out of the count.
    pub days: u32,
    /// Days without stock: nobody knows what would have been sold.
    pub censored: u32,
    pub own_past: Option<OwnPast>,
    pub history: History,
    /// Whose level it borrowed, where its own past was too short.
    pub borrowed_from: Option<String>,
    /// What the same weekday a week before missed by, on average; `None` where nothing ever changed.
    pub scale: Option<f64>,
    /// By how much the variance of sums over two weeks is larger than that of days that know nothing of each other.
    pub spread: f64,
}

impl StoredForecast {
    /// What a forecaster told about `series`; `censored` of its days were without stock.
    #[must_use]
    pub fn of(
        target: Target,
        told: &Forecast,
        series: &Series,
        censored: u32,
        now: DateTime<Utc>,
    ) -> Self {
        let step = |s: &super::Step| {
            let (low, high) = s.bounds.first().copied().unwrap_or((s.mean, s.mean));
            StoredStep {
                mean: short(s.mean),
                point: short(s.point),
                low: short(low),
                high: short(high),
            }
        };
        let length = u32::try_from(series.values.len()).unwrap_or(u32::MAX);
        Self {
            target,
            first: told.first,
            made_at: now,
            steps: told.steps.iter().map(step).collect(),
            model: told.model(),
            lead: told
                .models
                .first()
                .map_or_else(String::new, |m| m.model.to_owned()),
            trained: told.trained,
            days: length.saturating_sub(censored),
            censored,
            own_past: told.own_past,
            history: told.history,
            borrowed_from: None,
            scale: weekly_miss(&series.values).filter(|scale| *scale > 0.0),
            spread: spread(&series.values),
        }
    }

    /// All that it tells from `day` on; nothing when it does not reach that far, or begins later.
    #[must_use]
    pub fn rest(&self, day: NaiveDate) -> &[StoredStep] {
        let passed = (day - self.first).num_days();
        let passed = usize::try_from(passed).ok();
        let rest = passed.and_then(|passed| self.steps.get(passed..));
        rest.unwrap_or_default()
    }

    /// The same, at most [`AHEAD`] days.
    #[must_use]
    pub fn from(&self, day: NaiveDate) -> &[StoredStep] {
        let rest = self.rest(day);
        &rest[..rest.len().min(AHEAD)]
    }

    /// Whether it may be read on from `day`, because the days since it was made were no news. It is made anew
    ///
    /// - on its turn: one night in [`KEEPS`], each target on another one, and never later than that;
    /// - when the sum of what it missed by since is more than nine of ten nights would bring by chance (and at least half a unit), were its days as its
    ///   intervals tell and independent of each other. Days that stick together are made anew more often, not less;
    /// - when its past was too short and anything was wanted since.
    ///
    /// `wanted` tells what was wanted on a day; `None`: nobody knows, it was out of stock.
    #[must_use]
    pub fn still_holds(&self, day: NaiveDate, wanted: impl Fn(NaiveDate) -> Option<f64>) -> bool {
        let Ok(passed) = usize::try_from((day - self.first).num_days()) else {
            return false;
        };
        let learned = (day - self.trained.1).num_days() - 1;
        if passed > KEEPS
            || usize::try_from(learned).is_ok_and(|learned| learned > KEEPS)
            || self.is_turn(day)
        {
            return false;
        }
        let (mut missed, mut variance) = (0.0, 0.0);
        for (on, step) in self.first.iter_days().zip(&self.steps).take(passed) {
            let Some(wanted) = wanted(on) else { continue };
            if wanted > 0.0 && self.history != History::Enough {
                return false;
            }
            missed += wanted - step.mean;
            let side = (step.high - step.mean).max(step.mean - step.low);
            variance += (side / OF_80).powi(2);
        }
        f64::abs(missed) <= f64::max(NEWS * variance.sqrt(), HALF_A_UNIT)
    }

    /// Whether `day` is the night of the week on which this target is made anew in any case.
    fn is_turn(&self, day: NaiveDate) -> bool {
        let nights = i64::try_from(KEEPS).unwrap_or(1);
        let night = i64::from(day.num_days_from_ce());
        night.wrapping_add(self.target.number()).rem_euclid(nights) == 0
    }

    /// The same, told from `day` on; what it was learned from stays.
    #[must_use]
    pub fn carried(&self, day: NaiveDate) -> Self {
        Self {
            first: day,
            steps: self.rest(day).to_vec(),
            ..self.clone()
        }
    }

    /// Whether days before `day` were not learned from any more.
    #[must_use]
    pub fn is_carried(&self, day: NaiveDate) -> bool {
        (day - self.trained.1).num_days() > 1
    }

    /// Its level moved to what `wanted` units a day are; intervals move with it.
    pub fn rescale(&mut self, wanted: f64) {
        let own = self.steps.iter().map(|s| s.mean).sum::<f64>() / count(self.steps.len()).max(1.0);
        for step in &mut self.steps {
            *step = if own > 0.0 {
                let by = wanted / own;
                StoredStep {
                    mean: short(step.mean * by),
                    point: short(step.point * by),
                    low: short(step.low * by),
                    high: short(step.high * by.max(1.0)),
                }
            } else {
                // It never sold: as rare arrivals would have it.
                StoredStep {
                    mean: short(wanted),
                    point: short(wanted),
                    low: 0.0,
                    high: short(wanted + 1.282 * wanted.sqrt()),
                }
            };
        }
    }
}

/// Three decimals: more is noise, and twice the room.
fn short(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn count(of: usize) -> f64 {
    u32::try_from(of).map_or(f64::from(u32::MAX), f64::from)
}

fn weekly_miss(values: &[f64]) -> Option<f64> {
    let misses = values.iter().skip(7).zip(values);
    let (sum, n) = misses.fold((0.0, 0.0), |(sum, n), (a, b)| {
        (sum + (a - b).abs(), n + 1.0)
    });
    (n > 0.0).then(|| sum / n)
}

/// Days that a sum for [`spread`] is made of.
const SUM: usize = 14;
/// Sums that tell something.
const LEAST_SUMS: usize = 6;
const MOST_SPREAD: f64 = 9.0;

/// The variance of the step from one sum of two weeks to the next, against what independent days would give; from 1 to [`MOST_SPREAD`]. Weekdays fall out,
/// because each sum holds each of them twice.
#[must_use]
pub fn spread(values: &[f64]) -> f64 {
    let recent = &values[values.len().saturating_sub(26 * SUM)..];
    let (sums, rest): (Vec<f64>, _) = {
        let chunks = recent.rchunks_exact(SUM);
        let rest = chunks.remainder().len();
        (chunks.map(|c| c.iter().sum()).collect(), rest)
    };
    if sums.len() < LEAST_SUMS {
        return 1.0;
    }
    let steps: f64 = sums.windows(2).map(|w| (w[0] - w[1]).powi(2)).sum();
    let of_sums = steps / (2.0 * count(sums.len() - 1));
    let used = &recent[rest..];
    let days: f64 = used.windows(8).map(|w| (w[7] - w[0]).powi(2)).sum();
    let of_days = days / (2.0 * count(used.len().saturating_sub(7)).max(1.0));
    if of_days <= 0.0 {
        return 1.0;
    }
    (of_sums / (count(SUM) * of_days)).clamp(1.0, MOST_SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::VariantId;

    fn day(of_month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, of_month).unwrap()
    }

    fn forecast(low: f64) -> StoredForecast {
        StoredForecast {
            target: Target::Store,
            first: day(2),
            made_at: DateTime::UNIX_EPOCH,
            steps: (0..35)
                .map(|n| StoredStep {
                    mean: f64::from(n),
                    point: 0.0,
                    low,
                    high: 40.0,
                })
                .collect(),
            model: String::new(),
            lead: String::new(),
            trained: (day(1), day(1)),
            days: 1,
            censored: 0,
            own_past: None,
            history: History::Enough,
            borrowed_from: None,
            scale: None,
            spread: 1.0,
        }
    }

    #[test]
    fn read_later_it_goes_on_and_still_reaches_four_weeks() {
        let made = forecast(0.0);
        assert_eq!(made.from(day(2)).len(), AHEAD);
        let carried = made.from(day(9));
        assert_eq!((carried.len(), carried[0].mean), (AHEAD, 7.0));
        assert_eq!(made.from(day(1)), []);
        assert_eq!(made.from(NaiveDate::MAX), []);
    }

    /// Two a day, give or take 1.3; its turn is on the first and the eighth.
    fn steady() -> StoredForecast {
        let mut made = forecast(0.0);
        made.trained.1 = day(1);
        made.target = Target::Variant(VariantId(-i64::from(day(1).num_days_from_ce())));
        for step in &mut made.steps {
            *step = StoredStep {
                mean: 2.0,
                point: 2.0,
                low: 0.7,
                high: 3.3,
            };
        }
        made
    }

    #[test]
    fn it_is_carried_on_only_while_nothing_was_news() {
        assert!(steady().still_holds(day(3), |_| Some(2.0)));
        assert!(steady().still_holds(day(7), |_| Some(2.0)));
        assert!(!steady().still_holds(day(8), |_| Some(2.0)), "its turn");
        assert!(
            !steady().still_holds(day(10), |_| Some(2.0)),
            "a week is over"
        );
        assert!(
            !steady().still_holds(day(1), |_| None),
            "made of days to come"
        );
        assert!(
            steady().still_holds(day(3), |_| Some(3.0)),
            "as it may happen"
        );
        assert!(
            !steady().still_holds(day(3), |_| Some(4.0)),
            "too much for chance"
        );
        assert!(
            !steady().still_holds(day(3), |_| Some(0.0)),
            "not selling is news"
        );
        assert!(steady().still_holds(day(3), |_| None), "nobody knows");
        // One a day more is chance on one day, and a new level after four.
        assert!(!steady().still_holds(day(6), |_| Some(3.0)));
    }

    #[test]
    fn what_is_rare_or_sure_is_made_anew_by_one_unit_and_not_by_a_fraction() {
        let mut sure = steady();
        for step in &mut sure.steps {
            *step = StoredStep {
                mean: 0.02,
                point: 0.0,
                low: 0.0,
                high: 0.0,
            };
        }
        assert!(sure.still_holds(day(7), |_| Some(0.0)));
        assert!(!sure.still_holds(day(3), |_| Some(1.0)));
    }

    #[test]
    fn a_short_past_learns_from_every_unit() {
        let mut short = steady();
        short.history = History::TooLittle {
            days: 20,
            needed: 49,
        };
        assert!(!short.still_holds(day(3), |_| Some(2.0)));
    }

    #[test]
    fn carried_it_tells_the_same_days() {
        let made = forecast(0.0);
        let carried = made.carried(day(4));
        assert_eq!(carried.rest(day(6)), made.rest(day(6)));
        assert!(made.is_carried(day(3)) && !made.is_carried(day(2)));
    }

    #[test]
    fn days_that_stick_together_spread_their_sums() {
        let alternating: Vec<f64> = (0..364).map(|n| f64::from((n * 7919) % 11)).collect();
        let level = |n: i32| if (n / 28) % 2 == 0 { 0.0 } else { 10.0 };
        let levels: Vec<f64> = (0..364).map(level).collect();
        assert!(spread(&alternating) < 1.5, "{}", spread(&alternating));
        assert!(spread(&levels) > 4.0, "{}", spread(&levels));
        assert_eq!(spread(&[1.0; 300]), 1.0);
        assert_eq!(spread(&[]), 1.0);
    }

    #[test]
    fn a_borrowed_level_moves_the_interval_with_it() {
        let mut own = forecast(0.0);
        own.steps.iter_mut().for_each(|s| s.mean = 2.0);
        own.rescale(4.0);
        assert_eq!((own.steps[0].mean, own.steps[0].high), (4.0, 80.0));
        own.steps.iter_mut().for_each(|s| s.mean = 0.0);
        own.rescale(0.25);
        assert_eq!((own.steps[0].mean, own.steps[0].high), (0.25, 0.891));
    }
}
