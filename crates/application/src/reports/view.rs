//! Whose figures a report shows, over which days, in which currency.

use super::{ReportError, ReportQuery, Reports};
use crate::stores::StoreError;
use chrono::{Days, NaiveDate};
use domain::calendar::DayRange;
use domain::ids::StoreId;
use domain::money::Currency;
use domain::store::Store;

/// Days that a report covers when none are named: the last thirty, today included.
const DEFAULT_DAYS: u64 = 30;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StoreChoice {
    /// The workspace's first one.
    #[default]
    First,
    One(StoreId),
    All,
}

impl From<Option<StoreId>> for StoreChoice {
    fn from(id: Option<StoreId>) -> Self {
        id.map_or(Self::First, Self::One)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CurrencyChoice {
    /// That of the one store; that of the workspace for all.
    #[default]
    Usual,
    Workspace,
    Of(Currency),
}

/// What a question means for this workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Oldest first; at least one.
    pub stores: Vec<Store>,
    /// All of the workspace, even when there is but one.
    pub all: bool,
    pub currency: Currency,
    /// Each store's own days: a day begins and ends at midnight of its zone.
    pub range: DayRange,
}

impl View {
    /// The one store, when it is asked about one.
    #[must_use]
    pub fn single(&self) -> Option<&Store> {
        match &self.stores[..] {
            [store] if !self.all => Some(store),
            _ => None,
        }
    }

    /// The zone of the days, when all stores have the same one.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        let (first, rest) = self.stores.split_first()?;
        let same = rest.iter().all(|s| s.timezone == first.timezone);
        same.then_some(first.timezone.as_str())
    }

    /// Stores whose money is told in another currency.
    pub fn foreign(&self) -> impl Iterator<Item = &Store> {
        self.stores.iter().filter(|s| s.currency != self.currency)
    }
}

impl Reports {
    pub(super) async fn view(&self, query: &ReportQuery) -> Result<View, ReportError> {
        let (stores, all) = match query.store {
            StoreChoice::First => (vec![self.stores.pick(query.workspace, None).await?], false),
            StoreChoice::One(id) => {
                let one = self.stores.pick(query.workspace, Some(id)).await?;
                (vec![one], false)
            }
            StoreChoice::All => (self.stores.list(query.workspace).await?, true),
        };
        let first = stores.first().ok_or(StoreError::NoStore)?;
        let currency = match query.currency {
            CurrencyChoice::Of(currency) => currency,
            CurrencyChoice::Usual if !all => first.currency,
            CurrencyChoice::Usual | CurrencyChoice::Workspace => {
                self.workspace_currency(query).await?
            }
        };
        let range = self.range(query, &stores)?;
        Ok(View {
            stores,
            all,
            currency,
            range,
        })
    }

    /// As it was set, else that of the workspace's first store.
    async fn workspace_currency(&self, query: &ReportQuery) -> Result<Currency, ReportError> {
        let settings = self.ports.rates.money_settings(query.workspace).await?;
        match settings.currency {
            Some(currency) => Ok(currency),
            None => Ok(self.stores.pick(query.workspace, None).await?.currency),
        }
    }

    fn range(&self, query: &ReportQuery, stores: &[Store]) -> Result<DayRange, ReportError> {
        let today = self.days_today(stores)?.1;
        let to = query
            .to
            .unwrap_or_else(|| query.from.map_or(today, |from| from.max(today)));
        let from = query
            .from
            .unwrap_or_else(|| to - Days::new(DEFAULT_DAYS - 1));
        Ok(DayRange::new(from, to)?)
    }

    /// Today where it is earliest and where it is latest.
    pub(super) fn days_today(
        &self,
        stores: &[Store],
    ) -> Result<(NaiveDate, NaiveDate), ReportError> {
        let now = self.ports.clock.now();
        let mut days = stores
            .iter()
            .map(|s| s.calendar().map(|c| c.day_of(now)))
            .collect::<Result<Vec<_>, _>>()?;
        days.sort_unstable();
        match (days.first(), days.last()) {
            (Some(first), Some(last)) => Ok((*first, *last)),
            _ => Err(StoreError::NoStore.into()),
        }
    }
}
