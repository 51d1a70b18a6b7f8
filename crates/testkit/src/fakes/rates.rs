//! Exchange rates in memory, and a published series whose days a test writes.

use super::FakeDatabase;
use super::paging::page;
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::fx::Rate;
use domain::ids::{ImportId, WorkspaceId};
use domain::money::Currency;
use ports::rates::{
    FeedSpan, FeedState, MoneySettings, RateFeed, RateFilter, RateKey, RateSeries, RateStore,
    StoredRate, Undone,
};
use ports::{Page, PageRequest, PortError, PortResult};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

#[async_trait]
impl RateStore for FakeDatabase {
    async fn save(
        &self,
        workspace: WorkspaceId,
        rates: &[StoredRate],
        entry: Option<&NewEntry>,
    ) -> PortResult<Vec<StoredRate>> {
        let mut state = self.lock();
        let mut before = BTreeMap::new();
        for rate in rates {
            let key = RateKey::of(&rate.rate);
            let old = state.rates.insert((workspace, key), rate.clone());
            before.entry(key).or_insert(old);
        }
        state.record(entry.map_or(&[], std::slice::from_ref));
        let own = |key: &RateKey, old: &StoredRate| {
            let import = state.rates.get(&(workspace, *key)).and_then(|r| r.import);
            import.is_some() && old.import == import
        };
        Ok(before
            .into_iter()
            .filter_map(|(key, old)| old.filter(|old| !own(&key, old)))
            .collect())
    }

    async fn undo(
        &self,
        workspace: WorkspaceId,
        import: ImportId,
        replaced: &[StoredRate],
    ) -> PortResult<Undone> {
        let mut state = self.lock();
        let count = state.rates.len();
        state
            .rates
            .retain(|(of, _), rate| *of != workspace || rate.import != Some(import));
        let left = state.rates.len();
        let last: BTreeMap<_, _> = replaced
            .iter()
            .map(|r| (RateKey::of(&r.rate), r.clone()))
            .collect();
        for (key, rate) in last {
            state.rates.entry((workspace, key)).or_insert(rate);
        }
        Ok(Undone {
            removed: (count - left) as u64,
            restored: (state.rates.len() - left) as u64,
        })
    }

    async fn remove(
        &self,
        workspace: WorkspaceId,
        key: RateKey,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let was_there = state.rates.remove(&(workspace, key)).is_some();
        if was_there {
            state.record(std::slice::from_ref(entry));
        }
        Ok(was_there)
    }

    async fn between(
        &self,
        workspace: WorkspaceId,
        currencies: &[Currency],
        days: DayRange,
    ) -> PortResult<Vec<StoredRate>> {
        let state = self.lock();
        let wanted = |key: &RateKey| currencies.contains(&key.quote) && days.contains(key.day);
        Ok(state
            .rates
            .iter()
            .filter(|((of, key), _)| *of == workspace && wanted(key))
            .map(|(_, rate)| rate.clone())
            .collect())
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: RateFilter,
        request: &PageRequest,
    ) -> PortResult<Page<StoredRate>> {
        let state = self.lock();
        let wanted = |key: &RateKey| {
            filter.base.is_none_or(|c| c == key.base)
                && filter.quote.is_none_or(|c| c == key.quote)
                && filter.source.is_none_or(|s| s == key.source)
        };
        let rows = state
            .rates
            .iter()
            .filter(|((of, key), _)| *of == workspace && wanted(key))
            .map(|((_, key), rate)| {
                let name = format!("{}/{}/{}", key.base, key.quote, key.source.as_str());
                ((Reverse(key.day), name), rate.clone())
            })
            .collect();
        page(
            &format!("rates/{workspace}/{filter:?}"),
            "rates.list",
            rows,
            request,
        )
    }

    async fn series(&self, workspace: WorkspaceId) -> PortResult<Vec<RateSeries>> {
        let state = self.lock();
        let mut series: BTreeMap<_, RateSeries> = BTreeMap::new();
        // In ascending day, so that the last one seen is the newest.
        for ((_, key), rate) in state.rates.iter().filter(|((of, _), _)| *of == workspace) {
            let of = (key.base, key.quote, key.source);
            let entry = series.entry(of).or_insert_with(|| RateSeries {
                base: key.base,
                quote: key.quote,
                source: key.source,
                count: 0,
                oldest: key.day,
                newest: key.day,
                latest: rate.clone(),
            });
            entry.count += 1;
            entry.newest = key.day;
            entry.latest = rate.clone();
        }
        Ok(series.into_values().collect())
    }

    async fn money_settings(&self, workspace: WorkspaceId) -> PortResult<MoneySettings> {
        let found = self.lock().money_settings.get(&workspace).copied();
        Ok(found.unwrap_or_default())
    }

    async fn set_money_settings(
        &self,
        workspace: WorkspaceId,
        settings: &MoneySettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        state.money_settings.insert(workspace, *settings);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn feed_state(&self, workspace: WorkspaceId) -> PortResult<Option<FeedState>> {
        Ok(self.lock().feeds.get(&workspace).cloned())
    }

    async fn set_feed_state(&self, workspace: WorkspaceId, state: &FeedState) -> PortResult<()> {
        self.lock().feeds.insert(workspace, state.clone());
        Ok(())
    }
}

/// Answers what it was told to, and remembers what it was asked for.
#[derive(Default)]
pub struct FakeFeed {
    answer: Mutex<Option<PortResult<Vec<Rate>>>>,
    asked: Mutex<Vec<FeedSpan>>,
}

impl FakeFeed {
    /// What the next reading answers; without, it is an empty series.
    pub fn answers(&self, answer: PortResult<Vec<Rate>>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    pub fn fails(&self, error: PortError) {
        self.answers(Err(error));
    }

    #[must_use]
    pub fn asked(&self) -> Vec<FeedSpan> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl RateFeed for FakeFeed {
    fn url(&self) -> String {
        "http://rates.example".to_owned()
    }

    fn publisher(&self) -> String {
        "A central bank".to_owned()
    }

    async fn read(&self, span: FeedSpan) -> PortResult<Vec<Rate>> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(span);
        let answer = self
            .answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        answer.unwrap_or_else(|| Ok(Vec::new()))
    }
}
