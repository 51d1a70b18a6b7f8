//! How far writes may go in one store: settings of its own, careful ones where nobody set anything.

use super::alone::RefundLimits;
use crate::audit::Actor;
use crate::calendar::Calendar;
use crate::ids::StoreScope;
use chrono::{DateTime, Duration, DurationRound as _, Utc};
use serde::{Deserialize, Serialize};

/// Shares in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How far one action may move a price.
    pub price_step: i64,
    /// How far all actions on one price within a day may move it together.
    pub price_day: i64,
    /// Writes of one store within a day, over all sets.
    pub operations_day: u32,
    /// How long an agent leaves a thing alone after a write, in hours.
    pub cool_down: u32,
    /// The least share of a price that has to be left after the cost of the unit, for agents.
    pub margin: i64,
    /// How far all changes of one advertisement's budget within a day may raise it together; lowering is not limited.
    #[serde(default = "usual_ad_budget")]
    pub ad_budget: i64,
    /// What one person may give back alone; nobody set anything: as much as they like.
    #[serde(default)]
    pub refunds: RefundLimits,
    /// When agents may begin to apply what no person approved; `None`: at any time.
    pub hours: Option<Hours>,
}

/// Half as much again: more at once leaves a platform no time to learn whether it pays.
const fn usual_ad_budget() -> i64 {
    5_000
}

impl Default for Limits {
    /// Careful by choice, not learned from any store: a slip of a digit (tenfold, a tenth) is far outside, what shops usually do
    /// by hand is inside.
    fn default() -> Self {
        Self {
            price_step: 2_000,
            price_day: 2_500,
            operations_day: 100,
            cool_down: 4,
            margin: 1_500,
            ad_budget: usual_ad_budget(),
            refunds: RefundLimits::default(),
            hours: None,
        }
    }
}

/// What a limit may be set to: even a person cannot switch it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// As in [`Limits`].
    pub key: &'static str,
    pub min: i64,
    pub max: i64,
}

/// In the order of the fields of [`Limits`].
pub const BOUNDS: [Bounds; 6] = [
    Bounds::new("price_step", 100, 5_000),
    Bounds::new("price_day", 100, 10_000),
    Bounds::new("operations_day", 1, 1_000),
    Bounds::new("cool_down", 1, 720),
    Bounds::new("margin", 0, 9_000),
    Bounds::new("ad_budget", 100, 10_000),
];

impl Bounds {
    const fn new(key: &'static str, min: i64, max: i64) -> Self {
        Self { key, min, max }
    }
}

impl Limits {
    #[must_use]
    pub fn cool_down(&self) -> Duration {
        Duration::hours(i64::from(self.cool_down))
    }

    /// In the order of [`BOUNDS`].
    #[must_use]
    pub fn values(&self) -> [i64; 6] {
        [
            self.price_step,
            self.price_day,
            i64::from(self.operations_day),
            i64::from(self.cool_down),
            self.margin,
            self.ad_budget,
        ]
    }

    /// What is wrong with them, each with the key of its field.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let checked = BOUNDS.iter().zip(self.values());
        let outside = checked.filter(|(bounds, value)| !(bounds.min..=bounds.max).contains(value));
        let mut faults: Vec<_> = outside
            .map(|(b, _)| (b.key, format!("lies from {} to {}", b.min, b.max)))
            .collect();
        if faults.is_empty() && self.price_day < self.price_step {
            let message = "cannot be less than what one change may do";
            faults.push(("price_day", message.to_owned()));
        }
        faults.extend(self.refunds.faults());
        if self.hours.is_some_and(|hours| !hours.is_sound()) {
            let message = "are full hours from 0 to 23, and differ";
            faults.push(("hours", message.to_owned()));
        }
        faults
    }

    /// Whether anything may be done under these that those held back.
    #[must_use]
    pub fn is_looser_than(&self, other: &Self) -> bool {
        self.price_step > other.price_step
            || self.price_day > other.price_day
            || self.operations_day > other.operations_day
            || self.cool_down < other.cool_down
            || self.margin < other.margin
            || self.ad_budget > other.ad_budget
            || self.refunds.are_looser_than(&other.refunds)
            || (0..24).any(|hour| self.is_open(hour) && !other.is_open(hour))
    }

    fn is_open(&self, hour: u32) -> bool {
        self.hours.is_none_or(|hours| hours.contains(hour))
    }
}

/// Full hours of the store's clock, the first one included and the last one not; over midnight where the first is the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    pub from: u32,
    pub to: u32,
}

impl Hours {
    const fn is_sound(self) -> bool {
        self.from < 24 && self.to < 24 && self.from != self.to
    }

    const fn contains(self, hour: u32) -> bool {
        if self.from < self.to {
            self.from <= hour && hour < self.to
        } else {
            self.from <= hour || hour < self.to
        }
    }

    /// The instant at which they begin next; `None`: it is within them.
    #[must_use]
    pub fn opens_at(self, calendar: &Calendar, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let is_open = |at: DateTime<Utc>| self.contains(calendar.hour_of(at));
        if is_open(now) {
            return None;
        }
        // Zones differ by quarters of an hour; a day on which clocks are changed has 25 hours at most.
        let quarter = Duration::minutes(15);
        let first = now.duration_trunc(quarter).unwrap_or(now) + quarter;
        let quarters = (0..26 * 4).map(|n| first + quarter * n);
        quarters.into_iter().find(|at| is_open(*at))
    }
}

/// The limits of a store as a person set them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardrails {
    pub scope: StoreScope,
    /// 1 when they were first stored; 0: the defaults, nobody set anything.
    pub version: i64,
    pub limits: Limits,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Actor,
    /// Why they were changed, in the words of whoever did.
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_limit_cannot_be_switched_off() {
        assert_eq!(Limits::default().faults(), []);
        let fault = |change: fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.faults().first().map(|(key, _)| *key)
        };
        assert_eq!(fault(|l| l.price_step = 5_001), Some("price_step"));
        assert_eq!(fault(|l| l.price_day = 1_999), Some("price_day"));
        assert_eq!(fault(|l| l.operations_day = 0), Some("operations_day"));
        assert_eq!(fault(|l| l.cool_down = 0), Some("cool_down"));
        assert_eq!(fault(|l| l.margin = -1), Some("margin"));
        assert_eq!(fault(|l| l.ad_budget = 10_001), Some("ad_budget"));
        let hours = |from, to| Some(Hours { from, to });
        let mut limits = Limits {
            hours: hours(8, 24),
            ..Limits::default()
        };
        assert_eq!(limits.faults()[0].0, "hours");
        limits.hours = hours(8, 8);
        assert_eq!(limits.faults()[0].0, "hours");
        limits.hours = hours(22, 6);
        assert_eq!(limits.faults(), []);
    }

    #[test]
    fn looser_is_whatever_lets_more_through() {
        let usual = Limits {
            hours: Some(Hours { from: 8, to: 20 }),
            ..Limits::default()
        };
        let than = |change: fn(&mut Limits)| {
            let mut limits = usual;
            change(&mut limits);
            limits.is_looser_than(&usual)
        };
        assert!(!than(|_| {}));
        assert!(than(|l| l.price_step += 1) && !than(|l| l.price_step -= 1));
        assert!(than(|l| l.price_day += 1) && than(|l| l.operations_day += 1));
        assert!(than(|l| l.cool_down -= 1) && !than(|l| l.cool_down += 1));
        assert!(than(|l| l.margin -= 1) && !than(|l| l.margin += 1));
        assert!(than(|l| l.ad_budget += 1) && !than(|l| l.ad_budget -= 1));
        assert!(than(|l| l.hours = None));
        assert!(than(|l| l.hours = Some(Hours { from: 7, to: 12 })));
        assert!(!than(|l| l.hours = Some(Hours { from: 9, to: 12 })));
    }

    #[test]
    fn hours_are_those_of_the_store_and_go_over_midnight() {
        let day = Hours { from: 8, to: 20 };
        let berlin = Calendar::parse("Europe/Berlin").unwrap();
        assert_eq!(day.opens_at(&berlin, at("2026-07-01T06:00:00Z")), None);
        let opens = day.opens_at(&berlin, at("2026-07-01T18:00:00Z"));
        assert_eq!(opens, Some(at("2026-07-02T06:00:00Z")));
        // The night on which clocks are set back is an hour longer.
        let opens = day.opens_at(&berlin, at("2026-10-24T18:00:30Z"));
        assert_eq!(opens, Some(at("2026-10-25T07:00:00Z")));
        let night = Hours { from: 22, to: 6 };
        assert_eq!(night.opens_at(&berlin, at("2026-07-01T22:30:00Z")), None);
        let kathmandu = Calendar::parse("Asia/Kathmandu").unwrap();
        let opens = night.opens_at(&kathmandu, at("2026-07-01T02:00:00Z"));
        assert_eq!(opens, Some(at("2026-07-01T16:15:00Z")));
    }
}
