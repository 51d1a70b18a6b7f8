//! Exchange rates: entering them, looking at them, keeping up with a published series, and what is missing.

mod feed;
mod missing;

pub use feed::{FeedCondition, FeedView, Refreshed};
pub use missing::MissingRates;

use crate::Ports;
use crate::costs::Costs;
use crate::events::EventHub;
use crate::stores::Stores;
use chrono::NaiveDate;
use domain::audit::{Actor, NewEntry};
use domain::calendar::CalendarError;
use domain::fx::{Rate, RateError, RateSource};
use domain::ids::WorkspaceId;
use domain::money::Currency;
use ports::rates::{MoneySettings, RateFilter, RateKey, RateSeries, StoredRate};
use ports::{Page, PageRequest, PortError, PortResult};
use rust_decimal::Decimal;
use serde_json::json;
use std::collections::BTreeMap;

/// A rate that stands in for longer than this says nothing any more.
pub const LONGEST_AGE_DAYS: u32 = 31;
/// Of one list, the audit tells so many one by one.
const MOST_TOLD: usize = 50;

#[derive(Debug, thiserror::Error)]
pub enum RatesError {
    /// One of those that were given, from 0.
    #[error("rate {0}: {1}")]
    Rate(usize, RateError),
    #[error("a rate may stand in for at most {LONGEST_AGE_DAYS} days")]
    TooOld,
    #[error("no published series is set up: set RATES_URL")]
    NoFeed,
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A rate as a person enters it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRate {
    pub day: NaiveDate,
    pub base: Currency,
    pub quote: Currency,
    pub value: Decimal,
}

/// How a workspace tells its money, and what that rests on.
#[derive(Debug, Clone)]
pub struct MoneyView {
    pub settings: MoneySettings,
    /// The one that was set, else that of the first store; `None` without a store.
    pub currency: Option<Currency>,
    /// Currencies of the stores, in ascending order.
    pub in_use: Vec<Currency>,
}

#[derive(Clone)]
pub struct Rates {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
    costs: Costs,
}

impl Rates {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, costs: Costs) -> Self {
        Self {
            costs,
            stores: Stores::new(ports.clone()),
            ports,
            hub,
        }
    }

    /// All or none; answers how many replaced another one. `who` is told as where they are from.
    pub async fn enter(
        &self,
        workspace: WorkspaceId,
        by: Actor,
        who: &str,
        rates: &[NewRate],
    ) -> Result<usize, RatesError> {
        let now = self.ports.clock.now();
        let mut stored = Vec::with_capacity(rates.len());
        for (at, new) in rates.iter().enumerate() {
            let rate = Rate::new(new.day, new.base, new.quote, new.value, RateSource::Entered)
                .map_err(|e| RatesError::Rate(at, e))?;
            stored.push(StoredRate {
                rate,
                origin: who.to_owned(),
                import: None,
                observed_at: now,
            });
        }
        let told = self.told(workspace, by, &stored);
        let saved = self.ports.rates.save(workspace, &stored, Some(&told));
        let replaced = saved.await?;
        self.changed(workspace, stored.len()).await?;
        if let Some(first) = first_changed(&stored, &replaced) {
            self.costs.rates_changed(workspace, Some(first)).await?;
        }
        Ok(replaced.len())
    }

    fn told(&self, workspace: WorkspaceId, by: Actor, rates: &[StoredRate]) -> NewEntry {
        let told: Vec<_> = rates.iter().take(MOST_TOLD).map(|r| &r.rate).collect();
        let what = match rates {
            [one] => place(&RateKey::of(&one.rate)),
            many => format!("{} rates", many.len()),
        };
        let now = self.ports.clock.now();
        NewEntry::done(workspace, now, by, "rates.set", ("rates", "", &what))
            .after(&json!({ "rates": told, "count": rates.len() }))
    }

    /// Whether there was one.
    pub async fn remove(
        &self,
        workspace: WorkspaceId,
        by: Actor,
        key: RateKey,
    ) -> PortResult<bool> {
        let what = place(&key);
        let target = ("rates", what.as_str(), what.as_str());
        let now = self.ports.clock.now();
        let told = NewEntry::done(workspace, now, by, "rates.delete", target)
            .before(&json!({ "source": key.source }));
        let was_there = self.ports.rates.remove(workspace, key, &told).await?;
        if was_there {
            self.changed(workspace, 1).await?;
            self.costs.rates_changed(workspace, Some(key.day)).await?;
        }
        Ok(was_there)
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        filter: RateFilter,
        page: &PageRequest,
    ) -> PortResult<Page<StoredRate>> {
        self.ports.rates.list(workspace, filter, page).await
    }

    pub async fn series(&self, workspace: WorkspaceId) -> PortResult<Vec<RateSeries>> {
        self.ports.rates.series(workspace).await
    }

    pub async fn money(&self, workspace: WorkspaceId) -> PortResult<MoneyView> {
        let settings = self.ports.rates.money_settings(workspace).await?;
        let stores = self.stores.list(workspace).await?;
        let mut in_use: Vec<_> = stores.iter().map(|s| s.currency).collect();
        let currency = settings.currency.or(in_use.first().copied());
        in_use.sort_unstable();
        in_use.dedup();
        Ok(MoneyView {
            settings,
            currency,
            in_use,
        })
    }

    pub async fn set_money(
        &self,
        workspace: WorkspaceId,
        by: Actor,
        settings: MoneySettings,
    ) -> Result<(), RatesError> {
        if settings.max_age_days > LONGEST_AGE_DAYS {
            return Err(RatesError::TooOld);
        }
        let before = self.ports.rates.money_settings(workspace).await?;
        let id = workspace.to_string();
        let target = ("workspace", id.as_str(), "currency");
        let now = self.ports.clock.now();
        let told = NewEntry::done(workspace, now, by, "workspace.set", target)
            .before(&json!(before))
            .after(&json!(settings));
        let rates = &self.ports.rates;
        rates
            .set_money_settings(workspace, &settings, &told)
            .await?;
        self.changed(workspace, 0).await?;
        if before.max_age_days != settings.max_age_days {
            self.costs.rates_changed(workspace, None).await?;
        }
        Ok(())
    }

    async fn changed(&self, workspace: WorkspaceId, count: usize) -> PortResult<()> {
        self.hub
            .publish(
                workspace,
                "rates.changed",
                ("workspace", workspace.to_string()),
                json!({ "count": count }),
            )
            .await
    }
}

/// As addresses name it.
fn place(key: &RateKey) -> String {
    format!("{}/{}/{}", key.day, key.base, key.quote)
}

/// The first day whose rate is another one than before.
pub(crate) fn first_changed(saved: &[StoredRate], replaced: &[StoredRate]) -> Option<NaiveDate> {
    let before: BTreeMap<RateKey, Decimal> = replaced
        .iter()
        .map(|old| (RateKey::of(&old.rate), old.rate.value))
        .collect();
    let is_new = |new: &&StoredRate| before.get(&RateKey::of(&new.rate)) != Some(&new.rate.value);
    let changed = saved.iter().filter(is_new);
    changed.map(|new| new.rate.day).min()
}
