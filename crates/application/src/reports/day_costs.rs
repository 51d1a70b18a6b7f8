//! Ad spend and fixed costs in a report: they belong to days and stores, and to no product, channel or country.

use super::{ReportError, ReportRow, Reports, Split, View};
use crate::costs::{DayCosts, DaySum};
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use std::collections::{BTreeMap, BTreeSet};

/// The row of costs that no product, channel or country has: with it the rows of such a split add up to the total.
pub const UNALLOCATED: &str = "unallocated";

/// Of one row.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    costs: DaySum,
    /// Days with sales for which no spend is told.
    untold_days: i64,
}

impl Reports {
    /// Joins the costs of days to rows and total.
    pub(super) async fn join_days(
        &self,
        view: &View,
        range: DayRange,
        split: Split,
        rows: Vec<ReportRow>,
        total: ReportRow,
    ) -> Result<(Vec<ReportRow>, ReportRow), ReportError> {
        let (mut sums, mut whole) = (BTreeMap::<String, Sum>::new(), Sum::default());
        for store in &view.stores {
            let costs = DayCosts::read(&self.ports, store, view.currency, range).await?;
            if costs.is_empty() {
                continue;
            }
            let key = |day: NaiveDate| match split {
                Split::Period(grain) => grain.key(day),
                Split::Store => store.scope.store.to_string(),
                _ => UNALLOCATED.to_owned(),
            };
            for (key, sum) in costs.sums(key) {
                sums.entry(key).or_default().costs.add(sum);
                whole.costs.add(sum);
            }
            for day in self.sold_days(store, range).await? {
                if !costs.spend.contains_key(&day) {
                    sums.entry(key(day)).or_default().untold_days += 1;
                    whole.untold_days += 1;
                }
            }
        }
        if whole.costs == DaySum::default() {
            return Ok((rows, total));
        }
        let mut joined: Vec<ReportRow> = rows
            .into_iter()
            .map(|row| match sums.remove(&row.key) {
                Some(sum) => row.with_days(sum),
                None => row,
            })
            .collect();
        if let Some(sum) = sums.remove(UNALLOCATED) {
            let label = "Not allocated (ad spend, fixed costs)".to_owned();
            let row = ReportRow::new(UNALLOCATED.to_owned(), label, Measures::default());
            joined.push(row.with_days(sum));
        }
        Ok((joined, total.with_days(whole)))
    }

    async fn sold_days(
        &self,
        store: &Store,
        range: DayRange,
    ) -> Result<BTreeSet<NaiveDate>, ReportError> {
        let reports = &self.ports.reports;
        let days = reports
            .by_day(store.scope, store.currency, range, Dimension::Total, "")
            .await?;
        let sold = days.into_iter().filter(|d| d.measures.orders > 0);
        Ok(sold.map(|d| d.day).collect())
    }

    /// Why amounts of days are left out.
    pub(super) async fn day_costs_without_rate(
        &self,
        view: &View,
    ) -> Result<BTreeSet<String>, ReportError> {
        let mut reasons = BTreeSet::new();
        for store in &view.stores {
            let costs = DayCosts::read(&self.ports, store, view.currency, view.range).await?;
            if let Some(none) = costs.without_rate.first() {
                reasons.insert(format!(
                    "Ad spend or fixed costs of {} are left out: {none}.",
                    store.name
                ));
            }
        }
        Ok(reasons)
    }
}

impl ReportRow {
    fn with_days(self, sum: Sum) -> Self {
        if self.withheld.is_some() {
            return self;
        }
        Self {
            figures: self.figures.with_days(sum.costs.spend, sum.costs.fixed),
            coverage: self
                .coverage
                .with_spend(sum.costs.told_days, sum.untold_days),
            ..self
        }
    }
}
