//! Days of stores that cannot be told in the workspace's currency.

use super::{Rates, RatesError};
use chrono::{Days, NaiveDate};
use domain::calendar::DayRange;
use domain::fx::RateTable;
use domain::ids::WorkspaceId;
use domain::money::Currency;
use domain::rollup::Dimension;
use domain::store::Store;
use std::collections::{BTreeMap, BTreeSet};

/// Days with sales of a pair that have no rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRates {
    pub from: Currency,
    pub to: Currency,
    pub days: BTreeSet<NaiveDate>,
    /// Names of the stores that sold on them.
    pub stores: BTreeSet<String>,
}

impl Rates {
    /// Over all days that the stores have, by pair.
    pub async fn missing(&self, workspace: WorkspaceId) -> Result<Vec<MissingRates>, RatesError> {
        let money = self.money(workspace).await?;
        let Some(to) = money.currency else {
            return Ok(Vec::new());
        };
        let mut found: BTreeMap<Currency, MissingRates> = BTreeMap::new();
        for store in self.stores.list(workspace).await? {
            if store.currency == to {
                continue;
            }
            let days = self
                .without_rate(&store, to, money.settings.max_age_days)
                .await?;
            if days.is_empty() {
                continue;
            }
            let entry = found.entry(store.currency).or_insert_with(|| MissingRates {
                from: store.currency,
                to,
                days: BTreeSet::new(),
                stores: BTreeSet::new(),
            });
            entry.days.extend(days);
            entry.stores.insert(store.name);
        }
        Ok(found.into_values().collect())
    }

    async fn without_rate(
        &self,
        store: &Store,
        to: Currency,
        max_age_days: u32,
    ) -> Result<Vec<NaiveDate>, RatesError> {
        let span = self.stores.span(store).await?;
        let (Some(first), Some(last)) = (span.first_day, span.last_day) else {
            return Ok(Vec::new());
        };
        // Returns come after the last sale.
        let today = store.calendar()?.day_of(self.ports.clock.now());
        let range = DayRange::new(first, last.max(today))?;
        let sold = self
            .ports
            .reports
            .by_day(store.scope, store.currency, range, Dimension::Total, "")
            .await?;
        let earlier = Days::new(u64::from(max_age_days));
        let days = DayRange {
            from: first.checked_sub_days(earlier).unwrap_or(first),
            to: range.to,
        };
        let rates = self
            .ports
            .rates
            .between(store.scope.workspace, &[store.currency, to], days)
            .await?;
        let table = RateTable::new(rates.into_iter().map(|r| r.rate), max_age_days);
        Ok(sold
            .into_iter()
            .map(|row| row.day)
            .filter(|day| table.on(*day, store.currency, to).is_err())
            .collect())
    }
}
