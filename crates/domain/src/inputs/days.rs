//! Costs of days: ad spend and fixed costs. They belong to no order, and join the reports by day.

use crate::calendar::DayRange;
use crate::ids::AdAccountId;
use crate::money::{Currency, allocate};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// What a campaign, or a channel as a whole, spent on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdSpend {
    pub day: NaiveDate,
    /// Where the advertisement ran, e.g. `meta`; lower case.
    pub channel: String,
    pub campaign: Option<String>,
    /// The account that told it, at the platform itself. On a day that accounts tell, what people told of the same channel is left
    /// out of all sums: the same spend is not counted twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AdAccountId>,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
}

impl AdSpend {
    pub(super) fn key(&self) -> String {
        let campaign = self.campaign.as_deref().unwrap_or_default();
        let key = format!("{}\n{}\n{campaign}", self.day, self.channel);
        match self.account {
            Some(account) => format!("{key}\n{account}"),
            None => key,
        }
    }
}

/// How a fixed cost comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// The amount is each day's.
    Day,
    /// The amount is that of seven days, counted from the first one.
    Week,
    /// The amount is a calendar month's, spread over all its days; days before the first or after the last take none.
    Month,
    /// The amount is that of the whole span, which has an end.
    Once,
}

/// Rent, wages, software: a cost of the business as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedCost {
    pub name: String,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
    pub cadence: Cadence,
    pub from: NaiveDate,
    /// The last day; `None`: it goes on.
    pub to: Option<NaiveDate>,
}

impl FixedCost {
    /// The amount of each day of the range on which it runs, in the order of days; whole periods add up to the amount exactly.
    #[must_use]
    pub fn by_day(&self, range: DayRange) -> Vec<(NaiveDate, i64)> {
        let first = self.from.max(range.from);
        let last = self.to.map_or(range.to, |to| to.min(range.to));
        let mut days = Vec::new();
        let mut day = first;
        while day <= last {
            let (start, length) = self.period(day);
            let parts = allocate(self.amount, &vec![1; length]);
            for (offset, part) in (0_u64..).zip(parts) {
                let of = start + Days::new(offset);
                if (first..=last).contains(&of) {
                    days.push((of, part));
                }
            }
            day = start + Days::new(length as u64);
        }
        days
    }

    /// The period in which a day lies: its first day and its number of days.
    fn period(&self, day: NaiveDate) -> (NaiveDate, usize) {
        let length =
            |from: NaiveDate, to: NaiveDate| usize::try_from((to - from).num_days()).unwrap_or(1);
        match self.cadence {
            Cadence::Day => (day, 1),
            Cadence::Week => {
                let into = (day - self.from).num_days().rem_euclid(7);
                (day - Days::new(into.unsigned_abs()), 7)
            }
            Cadence::Month => {
                let start = day.with_day(1).unwrap_or(day);
                (start, length(start, start + Months::new(1)))
            }
            Cadence::Once => {
                let to = self.to.unwrap_or(self.from).max(self.from);
                (self.from, length(self.from, to) + 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn cost(cadence: Cadence, from: &str, to: Option<&str>) -> FixedCost {
        FixedCost {
            name: "Rent".to_owned(),
            amount: 1000,
            currency: Currency::parse("EUR").unwrap(),
            cadence,
            from: day(from),
            to: to.map(day),
        }
    }

    fn sum(cost: &FixedCost, from: &str, to: &str) -> i64 {
        let range = DayRange::new(day(from), day(to)).unwrap();
        cost.by_day(range).iter().map(|(_, amount)| amount).sum()
    }

    #[test]
    fn whole_periods_add_up_to_the_amount_and_parts_to_the_whole() {
        let month = cost(Cadence::Month, "2026-01-01", None);
        assert_eq!(sum(&month, "2026-02-01", "2026-02-28"), 1000);
        assert_eq!(sum(&month, "2026-01-01", "2026-12-31"), 12_000);
        let cut = sum(&month, "2026-02-01", "2026-02-11") + sum(&month, "2026-02-12", "2026-02-28");
        assert_eq!(cut, 1000);
        let week = cost(Cadence::Week, "2026-01-07", None);
        assert_eq!(sum(&week, "2026-01-07", "2026-01-20"), 2000);
        let once = cost(Cadence::Once, "2026-01-30", Some("2026-02-01"));
        assert_eq!(sum(&once, "2026-01-01", "2026-12-31"), 1000);
        assert_eq!(sum(&once, "2026-01-30", "2026-01-30"), 334);
        let daily = cost(Cadence::Day, "2026-01-30", Some("2026-02-01"));
        assert_eq!(sum(&daily, "2026-01-01", "2026-12-31"), 3000);
    }

    #[test]
    fn a_month_that_is_begun_late_takes_its_days_alone() {
        let late = cost(Cadence::Month, "2026-01-31", Some("2026-02-14"));
        assert_eq!(sum(&late, "2026-01-01", "2026-01-31"), 32);
        assert_eq!(sum(&late, "2026-02-01", "2026-02-28"), 504);
    }
}
