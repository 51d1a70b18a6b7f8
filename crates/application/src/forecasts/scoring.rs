//! Forecasts of earlier nights against what was sold.

use super::history::History;
use crate::Ports;
use chrono::{Days, NaiveDate};
use domain::calendar::DayRange;
use domain::forecast::demand::Past;
use domain::forecast::score::{Drift, Scorer};
use domain::forecast::stored::AHEAD;
use domain::forecast::{CategoryId, Target};
use domain::ids::{ProductId, StoreScope, VariantId};
use ports::PortResult;
use std::collections::BTreeMap;

const PAGE: u32 = 2_000;
/// Days that are caught up with, when nights were missed.
const BACK: u64 = AHEAD as u64;
/// Weeks that a drift is looked for in.
const DRIFT_WEEKS: u64 = 30;

/// Scores the days before `day` that were not yet; answers how many.
pub(super) async fn score(
    ports: &Ports,
    scope: StoreScope,
    day: NaiveDate,
    history: &History,
    pasts: &BTreeMap<VariantId, Past>,
) -> PortResult<u64> {
    let range = DayRange {
        from: day - Days::new(BACK),
        to: history.range.to,
    };
    let known = ports.forecasts.scores(scope, range).await?;
    let is_new = |day: &NaiveDate| known.iter().all(|k| k.day != *day);
    let days: Vec<NaiveDate> = range.days().filter(is_new).collect();
    let Some(first) = days.first() else {
        return Ok(0);
    };
    let from = *first - Days::new(BACK);
    let mut scorer = Scorer::of(days);
    let followed = Followed::of(history, pasts);
    let mut after = None;
    loop {
        let told = ports.forecasts.walk_forecasts(scope, from, after, PAGE);
        let told = told.await?;
        let Some(last) = told.last() else { break };
        after = Some((last.target, last.first));
        for forecast in &told {
            scorer.add(forecast, |day| followed.on(forecast.target, day));
        }
    }
    let mut scored = scorer.finish();
    scored.retain(|day| !day.cells.is_empty());
    ports.forecasts.save_scores(scope, &scored).await?;
    Ok(scored.len() as u64)
}

pub(super) async fn drift(ports: &Ports, scope: StoreScope, day: NaiveDate) -> PortResult<Drift> {
    let range = DayRange {
        from: day - Days::new(7 * DRIFT_WEEKS),
        to: day,
    };
    Ok(Drift::of(&ports.forecasts.scores(scope, range).await?))
}

/// What was wanted of each target.
struct Followed<'a> {
    pasts: &'a BTreeMap<VariantId, Past>,
    products: BTreeMap<ProductId, Vec<VariantId>>,
    categories: BTreeMap<CategoryId, BTreeMap<NaiveDate, f64>>,
    store: BTreeMap<NaiveDate, f64>,
}

impl<'a> Followed<'a> {
    fn of(history: &History, pasts: &'a BTreeMap<VariantId, Past>) -> Self {
        let mut products: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut categories: BTreeMap<CategoryId, BTreeMap<NaiveDate, f64>> = BTreeMap::new();
        let mut store: BTreeMap<NaiveDate, f64> = BTreeMap::new();
        for (id, past) in pasts {
            let offer = history.offers.get(id);
            if let Some(offer) = offer {
                products.entry(offer.product.id).or_default().push(*id);
            }
            let category = offer.and_then(|o| CategoryId::of(&o.product.product_type));
            let mut category = category.map(|id| categories.entry(id).or_default());
            let values = past.series(String::new()).values;
            for (day, value) in past.start.iter_days().zip(values) {
                *store.entry(day).or_default() += value;
                if let Some(days) = &mut category {
                    *days.entry(day).or_default() += value;
                }
            }
        }
        Self {
            pasts,
            products,
            categories,
            store,
        }
    }

    /// Of a variant only where there was something to sell; of a product where that holds for each of its variants. In the sums of a product type and of the store days
    /// without stock are bridged, as some variant is always out.
    fn on(&self, target: Target, day: NaiveDate) -> Option<f64> {
        match target {
            Target::Variant(id) => self.pasts.get(&id)?.on(day),
            Target::Product(id) => {
                let parts = self.products.get(&id)?.iter();
                let known = parts.filter_map(|id| self.pasts.get(id));
                let known = known.filter(|past| past.start <= day);
                known.map(|past| past.on(day)).sum()
            }
            Target::Category(id) => self.categories.get(&id)?.get(&day).copied(),
            Target::Store => self.store.get(&day).copied(),
        }
    }
}
