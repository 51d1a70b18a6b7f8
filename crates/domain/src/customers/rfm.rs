//! Segments: quintiles of recency, frequency and money, and three fixed ones.
//!
//! A score is 1 (worst) to 5 (best). Equal values have equal scores, so no order of rows decides anything; where many share a
//! value, some scores stay empty. The named segments lie on the grid of the recency score and the rounded mean of the other
//! two, each a rectangle, and together they cover it.

use super::settings::CustomerSettings;
use crate::ids::CustomerId;
use crate::money::Currency;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Fewer are not split into fifths.
pub const MIN_CUSTOMERS: u64 = 25;

/// All of a customer that segments look at, in the store's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub customer: CustomerId,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub orders: i64,
    pub net_revenue: i64,
    pub net_revenue_without_cost: i64,
    pub cm2: i64,
}

/// Four values that part a population into fifths: a value scores one more for each of them that it exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quintiles(pub [i64; 4]);

impl Quintiles {
    /// `None` for nobody.
    #[must_use]
    pub fn of(mut values: Vec<i64>) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        values.sort_unstable();
        let n = values.len();
        Some(Self([1, 2, 3, 4].map(|k| values[(k * n).div_ceil(5) - 1])))
    }

    #[must_use]
    pub fn score(&self, value: i64) -> u8 {
        let above = self.0.iter().filter(|cut| value > **cut).count();
        1 + u8::try_from(above).unwrap_or(4)
    }
}

/// Segments on the grid of scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    Champions,
    Loyal,
    PotentialLoyalists,
    NewCustomers,
    Promising,
    NeedsAttention,
    AboutToSleep,
    AtRisk,
    CannotLose,
    Hibernating,
    Lost,
}

/// Scores from–to, both included: of recency, and of frequency with money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rectangle {
    pub recency: (u8, u8),
    pub worth: (u8, u8),
}

impl Segment {
    pub const ALL: [Self; 11] = [
        Self::Champions,
        Self::Loyal,
        Self::PotentialLoyalists,
        Self::NewCustomers,
        Self::Promising,
        Self::NeedsAttention,
        Self::AboutToSleep,
        Self::AtRisk,
        Self::CannotLose,
        Self::Hibernating,
        Self::Lost,
    ];

    #[must_use]
    pub const fn rectangle(self) -> Rectangle {
        let (recency, worth) = match self {
            Self::Champions => ((5, 5), (4, 5)),
            Self::Loyal => ((3, 4), (4, 5)),
            Self::PotentialLoyalists => ((4, 5), (2, 3)),
            Self::NewCustomers => ((5, 5), (1, 1)),
            Self::Promising => ((4, 4), (1, 1)),
            Self::NeedsAttention => ((3, 3), (3, 3)),
            Self::AboutToSleep => ((3, 3), (1, 2)),
            Self::AtRisk => ((1, 2), (3, 4)),
            Self::CannotLose => ((1, 2), (5, 5)),
            Self::Hibernating => ((2, 2), (1, 2)),
            Self::Lost => ((1, 1), (1, 2)),
        };
        Rectangle { recency, worth }
    }

    #[must_use]
    pub fn of(recency: u8, worth: u8) -> Self {
        let inside = |s: &Self| {
            let r = s.rectangle();
            (r.recency.0..=r.recency.1).contains(&recency)
                && (r.worth.0..=r.worth.1).contains(&worth)
        };
        Self::ALL.into_iter().find(inside).unwrap_or(Self::Lost)
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Champions => "champions",
            Self::Loyal => "loyal",
            Self::PotentialLoyalists => "potential_loyalists",
            Self::NewCustomers => "new_customers",
            Self::Promising => "promising",
            Self::NeedsAttention => "needs_attention",
            Self::AboutToSleep => "about_to_sleep",
            Self::AtRisk => "at_risk",
            Self::CannotLose => "cannot_lose",
            Self::Hibernating => "hibernating",
            Self::Lost => "lost",
        }
    }
}

/// Segments by thresholds instead of quintiles; a customer may be in several, or in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixedSegment {
    /// More lifetime net revenue than the setting.
    Vip,
    /// No order for more days than the setting.
    Lapsing,
    /// Exactly one order.
    OneOrder,
}

impl FixedSegment {
    pub const ALL: [Self; 3] = [Self::Vip, Self::Lapsing, Self::OneOrder];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vip => "vip",
            Self::Lapsing => "lapsing",
            Self::OneOrder => "one_order",
        }
    }

    #[must_use]
    pub fn holds(
        self,
        of: &Standing,
        settings: &CustomerSettings,
        currency: Currency,
        today: NaiveDate,
    ) -> bool {
        match self {
            Self::Vip => of.net_revenue > Self::vip_above(settings, currency),
            Self::Lapsing => of.last_day < Self::lapsed_before(settings, today),
            Self::OneOrder => of.orders == 1,
        }
    }

    #[must_use]
    pub fn vip_above(settings: &CustomerSettings, currency: Currency) -> i64 {
        settings
            .vip_above
            .saturating_mul(10_i64.saturating_pow(currency.exponent()))
    }

    /// A last order before this day is too long ago.
    #[must_use]
    pub fn lapsed_before(settings: &CustomerSettings, today: NaiveDate) -> NaiveDate {
        today - Days::new(u64::from(settings.at_risk_after_days))
    }
}

/// Sums over the customers of a segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentSums {
    pub customers: u64,
    pub orders: i64,
    pub net_revenue: i64,
    pub net_revenue_without_cost: i64,
    pub cm2: i64,
}

impl SegmentSums {
    pub fn add(&mut self, one: &Standing) {
        self.customers += 1;
        self.orders += one.orders;
        self.net_revenue += one.net_revenue;
        self.net_revenue_without_cost += one.net_revenue_without_cost;
        self.cm2 += one.cm2;
    }
}

/// The cuts of a population and what lies between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rfm {
    /// Of the last order, as days since the common era.
    pub recency: Quintiles,
    pub frequency: Quintiles,
    /// Of lifetime net revenue in minor units.
    pub money: Quintiles,
    /// `grid[r][w]`: recency score `r + 1`, score of frequency with money `w + 1`.
    pub grid: [[SegmentSums; 5]; 5],
}

impl Rfm {
    /// `None` below [`MIN_CUSTOMERS`].
    #[must_use]
    pub fn of(population: &[Standing]) -> Option<Self> {
        if (population.len() as u64) < MIN_CUSTOMERS {
            return None;
        }
        let cuts =
            |value: fn(&Standing) -> i64| Quintiles::of(population.iter().map(value).collect());
        let mut rfm = Self {
            recency: cuts(|s| day_number(s.last_day))?,
            frequency: cuts(|s| s.orders)?,
            money: cuts(|s| s.net_revenue)?,
            grid: Default::default(),
        };
        for one in population {
            let (recency, worth) = rfm.scores(one);
            rfm.grid[usize::from(recency) - 1][usize::from(worth) - 1].add(one);
        }
        Some(rfm)
    }

    /// Of recency, and the rounded mean of frequency and money.
    #[must_use]
    pub fn scores(&self, of: &Standing) -> (u8, u8) {
        let frequency = self.frequency.score(of.orders);
        let money = self.money.score(of.net_revenue);
        (
            self.recency.score(day_number(of.last_day)),
            (frequency + money).div_ceil(2),
        )
    }

    #[must_use]
    pub fn segment(&self, of: &Standing) -> Segment {
        let (recency, worth) = self.scores(of);
        Segment::of(recency, worth)
    }

    #[must_use]
    pub fn sums(&self, segment: Segment) -> SegmentSums {
        let r = segment.rectangle();
        let mut sums = SegmentSums::default();
        for recency in r.recency.0..=r.recency.1 {
            for worth in r.worth.0..=r.worth.1 {
                let cell = self.grid[usize::from(recency) - 1][usize::from(worth) - 1];
                sums.customers += cell.customers;
                sums.orders += cell.orders;
                sums.net_revenue += cell.net_revenue;
                sums.net_revenue_without_cost += cell.net_revenue_without_cost;
                sums.cm2 += cell.cm2;
            }
        }
        sums
    }

    /// The days that part the recency scores: later than the fourth scores 5.
    #[must_use]
    pub fn recency_days(&self) -> [Option<NaiveDate>; 4] {
        self.recency.0.map(|n| {
            i32::try_from(n)
                .ok()
                .and_then(NaiveDate::from_num_days_from_ce_opt)
        })
    }
}

fn day_number(day: NaiveDate) -> i64 {
    use chrono::Datelike as _;
    i64::from(day.num_days_from_ce())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_segments_cover_the_grid_and_do_not_overlap() {
        for recency in 1..=5_u8 {
            for worth in 1..=5_u8 {
                let inside = Segment::ALL.into_iter().filter(|s| {
                    let r = s.rectangle();
                    (r.recency.0..=r.recency.1).contains(&recency)
                        && (r.worth.0..=r.worth.1).contains(&worth)
                });
                assert_eq!(inside.count(), 1, "recency {recency}, worth {worth}");
            }
        }
    }

    #[test]
    fn fifths_are_fifths_and_equal_values_score_alike() {
        let quintiles = Quintiles::of((1..=100).collect()).unwrap();
        assert_eq!(quintiles.0, [20, 40, 60, 80]);
        assert_eq!([1, 20, 21, 81].map(|v| quintiles.score(v)), [1, 1, 2, 5]);
        let mostly_one = Quintiles::of([vec![1; 80], vec![2; 20]].concat()).unwrap();
        assert_eq!([1, 2].map(|v| mostly_one.score(v)), [1, 5]);
    }
}
