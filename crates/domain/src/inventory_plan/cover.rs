//! How long stock lasts: the distribution of what will be wanted until a day, against what will be there on it.
//!
//! The sum of the days ahead has the mean of the forecast. Its variance is that of the days, read off their intervals (and never less than that of rare
//! arrivals), times what sums of this series spread more than independent days would. It is taken as gamma distributed, which is never negative and leans to
//! the right as sums of sales do; its quantiles are those of Wilson and Hilferty.

use crate::agents::stats::EIGHTY;
use crate::forecast::StoredStep;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Nobody orders for longer.
pub const LONGEST_COVER: usize = 365;
/// Standard deviations above the mean below which 80 % lie.
const ONE_SIDED: f64 = 0.841_621_233_572_914_3;
const HALF: f64 = 0.5;
/// Days whose rate stands for all after the last that was told.
const TAIL: usize = 7;

/// What will be wanted from a day on.
#[derive(Debug, Clone, Copy)]
pub struct Outlook<'a> {
    first: NaiveDate,
    steps: &'a [StoredStep],
    spread: f64,
}

/// What is wanted up to a day, that one included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wanted {
    pub mean: f64,
    pub variance: f64,
}

/// Goods that come on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    pub day: NaiveDate,
    pub units: i64,
}

/// What is left at the end of a day; `low` and `high` hold 80 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayLeft {
    pub day: NaiveDate,
    pub low: f64,
    pub expected: f64,
    pub high: f64,
}

/// When nothing is left; `None` where that is further away than [`LONGEST_COVER`] days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockOut {
    /// Sooner in one of ten cases.
    pub earliest: Option<NaiveDate>,
    pub expected: Option<NaiveDate>,
    /// Later in one of ten cases.
    pub latest: Option<NaiveDate>,
    /// The expected day lies after the last that was told, at the rate of its last week.
    pub beyond_forecast: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// Days until the expected stock-out; `None`: longer than [`LONGEST_COVER`].
    pub days: Option<f64>,
    pub stock_out: StockOut,
}

impl<'a> Outlook<'a> {
    /// `None` when nothing is told.
    #[must_use]
    pub fn new(first: NaiveDate, steps: &'a [StoredStep], spread: f64) -> Option<Self> {
        (!steps.is_empty()).then_some(Self {
            first,
            steps,
            spread: spread.max(1.0),
        })
    }

    /// What a day wants on average.
    #[must_use]
    pub fn per_day(&self) -> f64 {
        self.total() / units_of(self.steps.len())
    }

    /// Over all days that are told.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.steps.iter().map(|s| s.mean.max(0.0)).sum()
    }

    /// Days that are told.
    #[must_use]
    pub const fn told(&self) -> usize {
        self.steps.len()
    }

    fn day(&self, ahead: usize) -> NaiveDate {
        let days = u64::try_from(ahead).unwrap_or(u64::MAX);
        self.first
            .checked_add_days(Days::new(days))
            .unwrap_or(NaiveDate::MAX)
    }

    /// Day by day, without end: first what is told, then the mean of the last week of it.
    pub(super) fn wanted(&self) -> impl Iterator<Item = Wanted> + '_ {
        let last = &self.steps[self.steps.len().saturating_sub(TAIL)..];
        let n = units_of(last.len());
        let tail = Wanted {
            mean: last.iter().map(|s| s.mean.max(0.0)).sum::<f64>() / n,
            variance: last.iter().map(variance).sum::<f64>() / n,
        };
        let told = self.steps.iter().map(|s| Wanted {
            mean: s.mean.max(0.0),
            variance: variance(s),
        });
        let spread = self.spread;
        told.chain(std::iter::repeat(tail))
            .scan((0.0, 0.0), move |(mean, sum), day| {
                *mean += day.mean;
                *sum += day.variance * spread;
                Some(Wanted {
                    mean: *mean,
                    variance: *sum,
                })
            })
    }

    /// Over so many days; parts of a day count as such.
    pub(super) fn over(&self, days: f64) -> Wanted {
        let mut before = Wanted {
            mean: 0.0,
            variance: 0.0,
        };
        let mut left = days.clamp(0.0, 2.0 * units_of(LONGEST_COVER));
        for sum in self.wanted() {
            if left < 1.0 {
                return Wanted {
                    mean: before.mean + left * (sum.mean - before.mean),
                    variance: before.variance + left * (sum.variance - before.variance),
                };
            }
            left -= 1.0;
            before = sum;
        }
        before
    }

    /// What is left at the end of each day that is told.
    #[must_use]
    pub fn left(&self, stock: i64, arrivals: &[Arrival]) -> Vec<DayLeft> {
        let days = self.wanted().take(self.steps.len()).enumerate();
        days.map(|(ahead, wanted)| {
            let day = self.day(ahead);
            let there = there(stock, arrivals, day);
            let left = |wanted: f64| (there - wanted).max(0.0);
            DayLeft {
                day,
                low: left(wanted.quantile(EIGHTY)),
                expected: left(wanted.mean),
                high: left(wanted.quantile(-EIGHTY)),
            }
        })
        .collect()
    }

    /// Units that are wanted after `from` days and up to `to` and are not there: `deviations` above what is expected.
    #[must_use]
    pub fn short(
        &self,
        stock: i64,
        arrivals: &[Arrival],
        (from, to): (f64, f64),
        deviations: f64,
    ) -> f64 {
        let until = |days: f64| {
            let last = usize::try_from(super::quantity(days)).unwrap_or(0);
            let there = there(stock, arrivals, self.day(last.saturating_sub(1)));
            (self.over(days).quantile(deviations) - there).max(0.0)
        };
        (until(to) - until(from)).max(0.0)
    }

    /// How long stock lasts, with what comes until then.
    #[must_use]
    pub fn cover(&self, stock: i64, arrivals: &[Arrival]) -> Cover {
        let mut out = StockOut {
            earliest: None,
            expected: None,
            latest: None,
            beyond_forecast: false,
        };
        let mut days = None;
        let mut before = 0.0;
        for (ahead, wanted) in self.wanted().take(LONGEST_COVER).enumerate() {
            let day = self.day(ahead);
            let there = there(stock, arrivals, day);
            let is_out = |wanted: f64| there <= 0.0 || wanted > there;
            if out.earliest.is_none() && is_out(wanted.quantile(EIGHTY)) {
                out.earliest = Some(day);
            }
            if out.expected.is_none() && is_out(wanted.mean) {
                out.expected = Some(day);
                out.beyond_forecast = ahead >= self.steps.len();
                let today = wanted.mean - before;
                let part = if today > 0.0 {
                    ((there - before) / today).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                days = Some(units_of(ahead) + part);
            }
            if out.latest.is_none() && is_out(wanted.quantile(-EIGHTY)) {
                out.latest = Some(day);
                break;
            }
            before = wanted.mean;
        }
        Cover {
            days,
            stock_out: out,
        }
    }
}

impl Wanted {
    /// So many standard deviations from the middle.
    pub(super) fn quantile(self, deviations: f64) -> f64 {
        if self.mean <= 0.0 {
            return 0.0;
        }
        let shape = self.mean * self.mean / self.variance.max(f64::MIN_POSITIVE);
        let ninth = 1.0 / (9.0 * shape);
        let root = (1.0 - ninth + deviations * ninth.sqrt()).max(0.0);
        self.mean * root * root * root
    }
}

/// Of a day, from its interval of 80 %.
fn variance(step: &StoredStep) -> f64 {
    let mean = step.mean.max(0.0);
    let deviation = if step.low > 0.0 {
        (step.high - step.low) / (2.0 * EIGHTY)
    } else {
        // Nothing lies below 0, so all that is outside lies above; sales are whole units, so the bound is half of one too far.
        (step.high - HALF - mean) / ONE_SIDED
    };
    let deviation = deviation.max(0.0);
    (deviation * deviation).max(mean)
}

fn there(stock: i64, arrivals: &[Arrival], day: NaiveDate) -> f64 {
    let come = arrivals.iter().filter(|a| a.day <= day);
    super::units(stock.max(0).saturating_add(come.map(|a| a.units).sum()))
}

fn units_of(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}
