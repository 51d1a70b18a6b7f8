//! One pass over the days of all customers, in the order of customers and days, in memory that grows with customers alone.

use super::cohort::{Cohort, CohortSums, Increments, Unknown, ValueSums, month_of, month_offset};
use super::days::{CustomerDay, GUEST};
use super::estimate::Moments;
use super::ltv::{BASES, HORIZONS, LAST_DAY, Ltv, LtvPoint};
use super::rfm::{FixedSegment, Rfm, SegmentSums, Standing};
use super::settings::CustomerSettings;
use crate::ids::CustomerId;
use crate::money::Currency;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerDayRow {
    pub customer: CustomerId,
    pub day: NaiveDate,
    pub sums: CustomerDay,
}

/// What was bought without a customer: part of every report, of no cohort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guests {
    pub orders: i64,
    pub net_revenue: i64,
}

/// Everything that is said of all customers of a store, in one currency, on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analysis {
    pub today: NaiveDate,
    /// Before it nothing is known: whoever bought earlier counts as new.
    pub first_day: Option<NaiveDate>,
    pub guests: Guests,
    pub all: SegmentSums,
    /// With at least two orders.
    pub repeaters: u64,
    /// Oldest first; a month without new customers is left out.
    pub cohorts: Vec<Cohort>,
    pub ltv: Ltv,
    /// `None` with too few customers.
    pub rfm: Option<Rfm>,
    /// One for each of [`FixedSegment::ALL`].
    pub fixed: Vec<SegmentSums>,
}

pub struct Analyst {
    today: NaiveDate,
    currency: Currency,
    settings: CustomerSettings,
    guests: Guests,
    current: Option<(CustomerId, Vec<(NaiveDate, CustomerDay)>)>,
    population: Vec<Standing>,
    cohorts: BTreeMap<NaiveDate, CohortSums>,
    daily: Vec<ValueSums>,
    increments: Increments,
    oldest_days: i64,
}

impl Analyst {
    #[must_use]
    pub fn new(today: NaiveDate, currency: Currency, settings: CustomerSettings) -> Self {
        Self {
            today,
            currency,
            settings,
            guests: Guests::default(),
            current: None,
            population: Vec::new(),
            cohorts: BTreeMap::new(),
            daily: vec![ValueSums::default(); LAST_DAY + 1],
            increments: [[Moments::default(); HORIZONS.len()]; BASES.len()],
            oldest_days: 0,
        }
    }

    /// Rows of one customer follow one another, oldest day first. A day after today is left out.
    pub fn push(&mut self, row: CustomerDayRow) {
        if row.day > self.today {
            return;
        }
        if row.customer == GUEST {
            self.guests.orders += row.sums.orders;
            self.guests.net_revenue += row.sums.net_revenue;
            return;
        }
        if let Some((customer, days)) = &mut self.current
            && *customer == row.customer
        {
            days.push((row.day, row.sums));
            return;
        }
        self.close();
        self.current = Some((row.customer, vec![(row.day, row.sums)]));
    }

    fn close(&mut self) {
        let Some((customer, days)) = self.current.take() else {
            return;
        };
        let with_orders = || {
            days.iter()
                .filter(|(_, d)| d.orders > 0)
                .map(|(day, _)| *day)
        };
        // Without an order that counts there is nobody to speak of.
        let (Some(first_day), Some(last_day)) = (with_orders().next(), with_orders().next_back())
        else {
            return;
        };
        let sum = |value: fn(&CustomerDay) -> i64| days.iter().map(|(_, d)| value(d)).sum();
        self.population.push(Standing {
            customer,
            first_day,
            last_day,
            orders: sum(|d| d.orders),
            net_revenue: sum(|d| d.net_revenue),
            net_revenue_without_cost: sum(|d| d.net_revenue_without_cost),
            cm2: sum(|d| d.cm2),
        });
        self.count_months(first_day, &days);
        self.count_values(first_day, &days);
    }

    fn count_months(&mut self, first_day: NaiveDate, days: &[(NaiveDate, CustomerDay)]) {
        let month = month_of(first_day);
        let cohort = self.cohorts.entry(month).or_default();
        cohort.customers += 1;
        let (mut orders, mut last_active) = (0, None);
        for (day, sums) in days {
            let offset = month_offset(month, *day);
            let cell = cohort.month(offset);
            cell.orders += sums.orders;
            cell.net_revenue += sums.net_revenue;
            cell.net_revenue_without_cost += sums.net_revenue_without_cost;
            cell.cm2 += sums.cm2;
            if sums.orders > 0 && last_active != Some(offset) {
                cell.active += 1;
                last_active = Some(offset);
            }
            if orders < 2 && orders + sums.orders >= 2 {
                cell.repeaters += 1;
            }
            orders += sums.orders;
        }
    }

    /// Adds the value of each day that the customer has been there for.
    fn count_values(&mut self, first_day: NaiveDate, days: &[(NaiveDate, CustomerDay)]) {
        let age = (self.today - first_day).num_days();
        self.oldest_days = self.oldest_days.max(age);
        let seen = usize::try_from(age).unwrap_or(0).min(LAST_DAY);
        let Some(cohort) = self.cohorts.get_mut(&month_of(first_day)) else {
            return;
        };
        let mut so_far = CustomerDay::default();
        let mut next = days.iter().peekable();
        let mut at_base = [None; BASES.len()];
        for day in 0..=seen {
            while let Some((_, sums)) =
                next.next_if(|(d, _)| (*d - first_day).num_days() <= day as i64)
            {
                so_far += *sums;
            }
            let (revenue, without) = (so_far.net_revenue, so_far.net_revenue_without_cost);
            self.daily[day].add(so_far.cm2, revenue, without);
            if let Some(base) = BASES.iter().position(|b| *b as usize == day) {
                cohort.bases[base].add(so_far.cm2, revenue, without);
                at_base[base] = Some(so_far.cm2);
            }
            if let Some(horizon) = HORIZONS.iter().position(|h| *h as usize == day) {
                cohort.horizons[horizon].add(so_far.cm2, revenue, without);
                for base in (0..BASES.len()).filter(|b| BASES[*b] < HORIZONS[horizon]) {
                    if let Some(then) = at_base[base] {
                        self.increments[base][horizon].add(so_far.cm2 - then);
                    }
                }
            }
        }
    }

    #[must_use]
    pub fn finish(mut self) -> Analysis {
        self.close();
        let mut all = SegmentSums::default();
        let mut fixed = [SegmentSums::default(); FixedSegment::ALL.len()];
        for one in &self.population {
            all.add(one);
            for (segment, sums) in FixedSegment::ALL.iter().zip(&mut fixed) {
                if segment.holds(one, &self.settings, self.currency, self.today) {
                    sums.add(one);
                }
            }
        }
        let ltv = self.ltv();
        let cohorts = std::mem::take(&mut self.cohorts).into_iter();
        Analysis {
            today: self.today,
            first_day: self.population.iter().map(|s| s.first_day).min(),
            guests: self.guests,
            all,
            repeaters: self.population.iter().filter(|s| s.orders >= 2).count() as u64,
            cohorts: cohorts
                .map(|(month, sums)| sums.finish(month, self.today, &self.increments))
                .collect(),
            ltv,
            rfm: Rfm::of(&self.population),
            fixed: fixed.to_vec(),
        }
    }

    fn ltv(&self) -> Ltv {
        let without_costs = self.daily[0].without_costs();
        let points = self.daily.iter().enumerate().map_while(|(day, sums)| {
            let value = sums.value.estimate().filter(|_| !without_costs)?;
            Some(LtvPoint {
                day: u32::try_from(day).unwrap_or(u32::MAX),
                value,
            })
        });
        let values = HORIZONS.iter().map(|days| {
            let mut value = self.daily[*days as usize].observed(*days);
            if value.unknown == Some(Unknown::Nobody) && !self.population.is_empty() {
                value.unknown = Some(Unknown::TooYoung {
                    observed_days: self.oldest_days,
                });
            }
            value
        });
        Ltv {
            points: points.collect(),
            values: values.collect(),
        }
    }
}
