//! What one night does: holds the forecasts of earlier nights against yesterday, makes or carries on those of the variants, adds them up.

use super::history::History;
use super::levels::{add_up, borrow};
use super::prices;
use super::scoring::{drift, score};
use crate::Ports;
use crate::ingest::calendar;
use chrono::{Days, NaiveDate};
use domain::calendar::{Calendar, DayRange};
use domain::forecast::demand::Past;
use domain::forecast::score::Drift;
use domain::forecast::stored::{HORIZON, KEEPS};
use domain::forecast::{
    Event, Forecast, History as Enough, Level, Plan, Series, StoredForecast, Target, TargetLevel,
};
use domain::holidays::HolidayCountry;
use domain::ids::{StoreScope, VariantId};
use domain::inventory::Location;
use domain::store::Store;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// So many series at least are told together, because what is common is learned from all that are.
const LEAST: usize = 200;
/// Kept together.
const BATCH: usize = 500;
/// Forecasts that reach no day that could still be scored.
const FORGET_AFTER: u64 = HORIZON as u64 + KEEPS as u64;

/// How far it is, and whether anybody still waits for it.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<(AtomicU64, AtomicU64, AtomicBool)>);

impl Watch {
    pub(super) fn done(&self) -> u64 {
        self.0.0.load(Ordering::Relaxed)
    }

    /// `None` before it is counted.
    pub(super) fn total(&self) -> Option<u64> {
        Some(self.0.1.load(Ordering::Relaxed)).filter(|total| *total > 0)
    }

    pub(super) fn give_up(&self) {
        self.0.2.store(true, Ordering::Relaxed);
    }

    fn foresee(&self, more: usize) {
        self.0.1.fetch_add(more as u64, Ordering::Relaxed);
    }

    fn count(&self, done: usize) {
        self.0.0.fetch_add(done as u64, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.0.2.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    pub refitted: u64,
    pub reused: u64,
    pub too_little: u64,
    pub scored_days: u64,
    pub drift: Drift,
}

pub(super) struct Night {
    pub ports: Ports,
    pub scope: StoreScope,
    /// The first day that is told.
    pub day: NaiveDate,
    pub watch: Watch,
}

impl Night {
    pub(super) async fn work(self) -> PortResult<Done> {
        let store = self.store().await?;
        let history = History::read(&self.ports, &store, self.day, None).await?;
        let offered = history.offers.iter().filter(|(_, o)| o.is_offered());
        let pasts: BTreeMap<VariantId, Past> = offered
            .filter_map(|(id, _)| Some((*id, history.past(*id)?)))
            .collect();
        let scored_days = score(&self.ports, self.scope, self.day, &history, &pasts).await?;
        let drift = drift(&self.ports, self.scope, self.day).await?;
        let (anew, held) = self.choose(&pasts).await?;
        self.watch.foresee(pasts.len());
        self.watch.count(held.len());
        let calendar = calendar(&store)?;
        let to = self.day + Days::new(HORIZON as u64);
        let events = holidays(
            &self.ports,
            &store,
            DayRange {
                from: history.range.from,
                to,
            },
        )
        .await?;
        let mut made = self.variants(&calendar, (&pasts, &events), &anew).await?;
        borrow(&mut made, &held, &history);
        let too_little = made.iter().chain(held.values());
        let too_little = too_little.filter(|f| f.history != Enough::Enough).count() as u64;
        let done = Done {
            refitted: made.len() as u64,
            reused: held.len() as u64,
            too_little,
            scored_days,
            drift,
        };
        self.keep(&made).await?;
        let mut all = held;
        for forecast in made {
            if let Target::Variant(id) = forecast.target {
                all.insert(id, forecast);
            }
        }
        let sums = self.sums(&history, (&pasts, &events), &all).await?;
        self.keep(&sums).await?;
        let before = self.day - Days::new(FORGET_AFTER);
        self.ports
            .forecasts
            .forget_forecasts(self.scope, before)
            .await?;
        Ok(done)
    }

    async fn store(&self) -> PortResult<Store> {
        let stores = self.ports.connections.stores(self.scope.workspace).await?;
        let store = stores.into_iter().find(|s| s.scope == self.scope);
        store.ok_or_else(|| refuse("the store was removed"))
    }

    /// Which variants are told anew, and what is carried on of the others: those whose last days brought nothing that was not told.
    async fn choose(
        &self,
        pasts: &BTreeMap<VariantId, Past>,
    ) -> PortResult<(Vec<VariantId>, BTreeMap<VariantId, StoredForecast>)> {
        let mut held = BTreeMap::new();
        for forecast in self.newest(TargetLevel::Variant).await? {
            let Target::Variant(id) = forecast.target else {
                continue;
            };
            let Some(past) = pasts.get(&id) else { continue };
            if forecast.first < self.day && forecast.still_holds(self.day, |day| past.on(day)) {
                held.insert(id, forecast);
            }
        }
        let anew = anew(pasts.keys().copied(), &mut held);
        Ok((anew, held))
    }

    async fn newest(&self, level: TargetLevel) -> PortResult<Vec<StoredForecast>> {
        let forecasts = &self.ports.forecasts;
        forecasts.newest_forecasts(self.scope, level).await
    }

    async fn variants(
        &self,
        calendar: &Calendar,
        (pasts, events): (&BTreeMap<VariantId, Past>, &[Event]),
        anew: &[VariantId],
    ) -> PortResult<Vec<StoredForecast>> {
        let chosen = anew.iter().filter_map(|id| Some((*id, pasts.get(id)?)));
        let prices = prices::changed(&self.ports, self.scope, anew).await?;
        let (ids, series): (Vec<_>, Vec<_>) = chosen
            .map(|(id, past)| {
                let mut series = past.series(id.to_string());
                if let Some(records) = prices.get(&id) {
                    prices::add(&mut series, records, calendar);
                }
                ((id, past.censored), series)
            })
            .unzip();
        let (series, told) = self.tell(series, events).await?;
        let now = self.ports.clock.now();
        Ok(told
            .iter()
            .filter_map(|told| {
                let (id, censored) = *ids.get(told.index)?;
                let series = series.get(told.index)?;
                let target = Target::Variant(id);
                Some(StoredForecast::of(target, told, series, censored, now))
            })
            .collect())
    }

    /// Products, their types and the store: their steps are the sums of those of the variants, with intervals from the past of the sums themselves, which are
    /// carried on as those of variants are.
    async fn sums(
        &self,
        history: &History,
        (pasts, events): (&BTreeMap<VariantId, Past>, &[Event]),
        all: &BTreeMap<VariantId, StoredForecast>,
    ) -> PortResult<Vec<StoredForecast>> {
        let (targets, series) = super::levels::series(history, pasts);
        self.watch.foresee(series.len());
        let mut newest = BTreeMap::new();
        for level in [
            TargetLevel::Product,
            TargetLevel::Category,
            TargetLevel::Store,
        ] {
            let told = self.newest(level).await?;
            newest.extend(told.into_iter().map(|f| (f.target, f)));
        }
        let mut held = BTreeMap::new();
        for (at, ((target, _), series)) in targets.iter().zip(&series).enumerate() {
            let own = newest.remove(target).filter(|own| own.first < self.day);
            let holds = |own: &StoredForecast| own.still_holds(self.day, |day| series.on(day));
            if let Some(own) = own.filter(holds) {
                held.insert(at, own.carried(self.day));
            }
        }
        let anew = anew(0..targets.len(), &mut held);
        self.watch.count(held.len());
        let (mut indices, mut wanted) = (Vec::new(), Vec::new());
        for (at, series) in series.into_iter().enumerate() {
            if anew.binary_search(&at).is_ok() {
                indices.push(at);
                wanted.push(series);
            }
        }
        let (wanted, told) = self.tell(wanted, events).await?;
        let now = self.ports.clock.now();
        for told in &told {
            let at = indices.get(told.index).copied();
            if let (Some(at), Some(series)) = (at, wanted.get(told.index))
                && let Some((target, _)) = targets.get(at)
            {
                held.insert(at, StoredForecast::of(*target, told, series, 0, now));
            }
        }
        let sums = held.into_iter().filter_map(|(at, own)| {
            let (_, parts) = targets.get(at)?;
            let parts: Vec<_> = parts.iter().filter_map(|id| all.get(id)).collect();
            Some(add_up(own, &parts, self.day))
        });
        Ok(sums.collect())
    }

    /// On threads of its own; ends early when nobody waits any more.
    async fn tell(
        &self,
        series: Vec<Series>,
        events: &[Event],
    ) -> PortResult<(Vec<Series>, Vec<Forecast>)> {
        let plan = Plan::new(HORIZON, vec![7, 365], vec![Level::USUAL], events.to_vec());
        let plan = plan.map_err(|e| refuse(&e.to_string()))?;
        let (forecaster, watch) = (Arc::clone(&self.ports.forecaster), self.watch.clone());
        let computed = tokio::task::spawn_blocking(move || {
            let mut told = Vec::with_capacity(series.len());
            let take = &mut |forecast: Forecast| {
                if watch.is_over() {
                    return Err(refuse("nobody waits for it any more"));
                }
                watch.count(1);
                told.push(forecast);
                Ok(())
            };
            let outcome = forecaster.forecast(&plan, &series, take);
            outcome.map(|()| (series, told))
        });
        computed.await.map_err(broken)?
    }

    async fn keep(&self, made: &[StoredForecast]) -> PortResult<()> {
        for batch in made.chunks(BATCH) {
            self.ports
                .forecasts
                .save_forecasts(self.scope, batch)
                .await?;
        }
        Ok(())
    }
}

/// Public holidays of the country that is set, else of the one in which all of the store's locations are; none where these are several, or not known.
async fn holidays(ports: &Ports, store: &Store, range: DayRange) -> PortResult<Vec<Event>> {
    let set = ports
        .inventory_settings
        .inventory_settings(store.scope)
        .await?;
    let country = match set.and_then(|s| s.settings.holidays) {
        Some(country) => Some(country),
        None => common_country(&ports.stock.locations(store.scope).await?),
    };
    Ok(country.map_or_else(Vec::new, |country| country.events(range)))
}

/// Of the locations that are in use.
pub(crate) fn common_country(locations: &[Location]) -> Option<HolidayCountry> {
    let active = locations.iter().filter(|l| l.active);
    let mut countries: Vec<_> = active.map(|l| l.country.as_deref()).collect();
    countries.dedup();
    match countries[..] {
        [Some(code)] => code.parse().ok(),
        _ => None,
    }
}

/// All that are not held; where those are too few to learn from each other, the oldest that are held with them. In their order.
fn anew<K: Ord + Copy>(
    all: impl Iterator<Item = K>,
    held: &mut BTreeMap<K, StoredForecast>,
) -> Vec<K> {
    let mut anew: Vec<K> = all.filter(|key| !held.contains_key(key)).collect();
    if !anew.is_empty() && anew.len() < LEAST {
        let mut oldest: Vec<_> = held.iter().map(|(key, f)| (f.trained.1, *key)).collect();
        oldest.sort_unstable();
        for (_, key) in oldest.into_iter().take(LEAST - anew.len()) {
            held.remove(&key);
            anew.push(key);
        }
        anew.sort_unstable();
    }
    anew
}

/// The task of it panicked.
pub(super) fn broken(error: tokio::task::JoinError) -> PortError {
    refuse(&error.to_string())
}

fn refuse(detail: &str) -> PortError {
    PortError::new(Kind::Cancelled, Retry::Never, "royal", "forecasts", detail)
}
