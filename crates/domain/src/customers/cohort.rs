//! Customers by the month of their first order, and what became of them month by month.

use super::estimate::{Estimate, Moments};
use super::ltv::{BASES, HORIZONS};
use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// The first day of the month.
    pub month: NaiveDate,
    pub customers: u64,
    /// One for each month that has begun, the month of the first order first.
    pub months: Vec<CohortMonth>,
    /// One for each of [`HORIZONS`].
    pub values: Vec<HorizonValue>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CohortMonth {
    /// Customers with at least one order in this month.
    pub active: u64,
    /// Customers with at least two orders up to the end of this month; repeats in the first month count.
    pub repeaters: u64,
    pub orders: i64,
    pub net_revenue: i64,
    pub net_revenue_without_cost: i64,
    pub cm2: i64,
    /// The month is over.
    pub complete: bool,
}

/// Why a value is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Unknown {
    /// Not all customers have been there long enough.
    TooYoung {
        observed_days: i64,
    },
    /// No cost is known for anything that these customers bought.
    NoCosts,
    Nobody,
}

/// Contribution margin (CM2) per customer up to a day after the first order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HorizonValue {
    pub days: u32,
    pub observed: Option<Estimate>,
    /// Instead of an observed one: what is observed so far, plus what older customers brought afterwards. Always with an interval.
    pub projected: Option<Estimate>,
    /// Up to which day the projection is observed.
    pub projected_from: Option<u32>,
    pub unknown: Option<Unknown>,
    /// Net revenue of the customers behind the observed value, and the part of it without cost.
    pub net_revenue: i64,
    pub net_revenue_without_cost: i64,
}

/// Sums over customers up to a horizon.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ValueSums {
    pub value: Moments,
    pub net_revenue: i64,
    pub net_revenue_without_cost: i64,
}

impl ValueSums {
    pub(super) fn add(&mut self, cm2: i64, net_revenue: i64, without_cost: i64) {
        self.value.add(cm2);
        self.net_revenue += net_revenue;
        self.net_revenue_without_cost += without_cost;
    }

    pub(super) const fn without_costs(&self) -> bool {
        self.net_revenue != 0 && self.net_revenue == self.net_revenue_without_cost
    }

    pub(super) fn observed(&self, days: u32) -> HorizonValue {
        let unknown = match (self.value.count, self.without_costs()) {
            (0, _) => Some(Unknown::Nobody),
            (_, true) => Some(Unknown::NoCosts),
            _ => None,
        };
        HorizonValue {
            days,
            observed: self.value.estimate().filter(|_| unknown.is_none()),
            projected: None,
            projected_from: None,
            unknown,
            net_revenue: self.net_revenue,
            net_revenue_without_cost: self.net_revenue_without_cost,
        }
    }
}

/// What older customers brought between each base and each later horizon.
pub(super) type Increments = [[Moments; HORIZONS.len()]; BASES.len()];

#[derive(Debug, Clone, Default)]
pub(super) struct CohortSums {
    pub customers: u64,
    pub months: Vec<CohortMonth>,
    pub bases: [ValueSums; BASES.len()],
    pub horizons: [ValueSums; HORIZONS.len()],
}

impl CohortSums {
    pub(super) fn month(&mut self, offset: usize) -> &mut CohortMonth {
        if self.months.len() <= offset {
            self.months.resize(offset + 1, CohortMonth::default());
        }
        &mut self.months[offset]
    }

    pub(super) fn finish(
        mut self,
        month: NaiveDate,
        today: NaiveDate,
        increments: &Increments,
    ) -> Cohort {
        let begun = month_offset(month, today);
        self.month(begun);
        let mut repeaters = 0;
        for (offset, cell) in self.months.iter_mut().enumerate() {
            repeaters += cell.repeaters;
            cell.repeaters = repeaters;
            cell.complete = offset < begun;
        }
        let observed_days = (today - last_day(month)).num_days().max(0);
        let values = HORIZONS.iter().enumerate().map(|(place, days)| {
            if observed_days >= i64::from(*days) {
                return self.horizons[place].observed(*days);
            }
            let young = Unknown::TooYoung { observed_days };
            self.projected(place, observed_days, increments, young)
        });
        Cohort {
            month,
            customers: self.customers,
            values: values.collect(),
            months: self.months,
        }
    }

    fn projected(
        &self,
        place: usize,
        observed_days: i64,
        increments: &Increments,
        unknown: Unknown,
    ) -> HorizonValue {
        let base = (0..BASES.len()).rfind(|b| i64::from(BASES[*b]) <= observed_days);
        let made = base.and_then(|b| {
            let sums = &self.bases[b];
            let projected = sums.value.projected(&increments[b][place])?;
            (!sums.without_costs()).then_some((BASES[b], projected))
        });
        HorizonValue {
            days: HORIZONS[place],
            observed: None,
            projected: made.map(|(_, p)| p),
            projected_from: made.map(|(b, _)| b),
            unknown: Some(unknown),
            net_revenue: 0,
            net_revenue_without_cost: 0,
        }
    }
}

pub(super) fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn last_day(month: NaiveDate) -> NaiveDate {
    month + Months::new(1) - Days::new(1)
}

/// Calendar months between two days; 0 for a day before.
pub(super) fn month_offset(from: NaiveDate, to: NaiveDate) -> usize {
    let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
    usize::try_from(months).unwrap_or(0)
}
