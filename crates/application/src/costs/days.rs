//! Ad spend and fixed costs of a range, day by day, in one currency.

use crate::Ports;
use chrono::{Days, NaiveDate};
use domain::calendar::DayRange;
use domain::fx::{NoRate, RateTable};
use domain::inputs::{Input, InputKind};
use domain::money::Currency;
use domain::store::Store;
use ports::PortResult;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayCosts {
    /// Of the days for which a spend is told, zeros included.
    pub spend: BTreeMap<NaiveDate, i64>,
    /// Of the days on which a fixed cost runs.
    pub fixed: BTreeMap<NaiveDate, i64>,
    /// Amounts that are left out, because there is no rate of the day.
    pub without_rate: BTreeSet<NoRate>,
}

/// Of a few days together; `None` is not told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DaySum {
    pub spend: Option<i64>,
    pub fixed: Option<i64>,
    pub told_days: i64,
}

impl DaySum {
    pub(crate) fn add(&mut self, other: Self) {
        let sum = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        self.spend = sum(self.spend, other.spend);
        self.fixed = sum(self.fixed, other.fixed);
        self.told_days += other.told_days;
    }
}

impl DayCosts {
    pub(crate) async fn read(
        ports: &Ports,
        store: &Store,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<Self> {
        let spend = ports.inputs.spend_by_day(store.scope, range).await?;
        let fixed = ports.inputs.all(store.scope, InputKind::FixedCost).await?;
        let foreign = |of: &Currency| *of != currency;
        let mut currencies: BTreeSet<Currency> = spend.iter().map(|s| s.currency).collect();
        for record in &fixed {
            if let Input::FixedCost(cost) = &record.input {
                currencies.insert(cost.currency);
            }
        }
        let rates = if currencies.iter().any(foreign) {
            currencies.insert(currency);
            rates(ports, store, currencies.into_iter().collect(), range).await?
        } else {
            RateTable::empty()
        };
        let mut costs = Self::default();
        for row in spend {
            if let Some(amount) =
                costs.convert(&rates, row.day, row.amount, (row.currency, currency))
            {
                *costs.spend.entry(row.day).or_default() += amount;
            }
        }
        for record in fixed {
            let Input::FixedCost(cost) = record.input else {
                continue;
            };
            for (day, amount) in cost.by_day(range) {
                if let Some(amount) = costs.convert(&rates, day, amount, (cost.currency, currency))
                {
                    *costs.fixed.entry(day).or_default() += amount;
                }
            }
        }
        Ok(costs)
    }

    fn convert(
        &mut self,
        rates: &RateTable,
        day: NaiveDate,
        amount: i64,
        (from, to): (Currency, Currency),
    ) -> Option<i64> {
        match rates.on(day, from, to) {
            Ok(rate) => rate.convert(amount).ok(),
            Err(none) => {
                self.without_rate.insert(none);
                None
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spend.is_empty() && self.fixed.is_empty()
    }

    /// By the key of each day.
    pub(crate) fn sums(&self, key: impl Fn(NaiveDate) -> String) -> BTreeMap<String, DaySum> {
        let mut sums: BTreeMap<String, DaySum> = BTreeMap::new();
        for (day, amount) in &self.spend {
            let sum = sums.entry(key(*day)).or_default();
            *sum.spend.get_or_insert(0) += amount;
            sum.told_days += 1;
        }
        for (day, amount) in &self.fixed {
            let sum = sums.entry(key(*day)).or_default();
            *sum.fixed.get_or_insert(0) += amount;
        }
        sums
    }
}

/// The rates of a range, and of the days before it that may stand in.
pub(crate) async fn rates(
    ports: &Ports,
    store: &Store,
    currencies: Vec<Currency>,
    range: DayRange,
) -> PortResult<RateTable> {
    let settings = ports.rates.money_settings(store.scope.workspace).await?;
    let days = DayRange {
        from: range
            .from
            .checked_sub_days(Days::new(u64::from(settings.max_age_days)))
            .unwrap_or(range.from),
        to: range.to,
    };
    let stored = ports
        .rates
        .between(store.scope.workspace, &currencies, days)
        .await?;
    Ok(RateTable::new(
        stored.into_iter().map(|r| r.rate),
        settings.max_age_days,
    ))
}
