//! Forecasts and how good they were, as they are asked for.

use super::history::{History, offers};
use super::{ForecastError, Forecasts};
use chrono::{Days, NaiveDate};
use domain::calendar::DayRange;
use domain::forecast::score::{Bucket, DayScores, Drift, Sums};
use domain::forecast::{CategoryId, StoredForecast, Target, TargetLevel};
use domain::ids::{StoreId, WorkspaceId};
use domain::store::Store;
use std::collections::BTreeMap;

/// Days of the past that are shown beside a forecast.
pub(crate) const PAST_DAYS: u64 = 180;

/// A forecast with what came before it.
#[derive(Debug, Clone)]
pub struct Told {
    pub store: Store,
    pub target: Target,
    pub title: String,
    pub today: NaiveDate,
    /// The newest; its days before today are over.
    pub forecast: Option<StoredForecast>,
    /// Oldest first; `None`: it was out of stock, so nobody knows.
    pub past: Vec<(NaiveDate, Option<f64>)>,
}

#[derive(Debug, Clone)]
pub struct Bucketed {
    pub bucket: Bucket,
    pub sums: Sums,
}

#[derive(Debug, Clone)]
pub struct Accuracy {
    pub range: DayRange,
    pub level: TargetLevel,
    pub total: Sums,
    pub buckets: Vec<Bucketed>,
    /// The ones with the most days first.
    pub models: Vec<(String, Sums)>,
    pub days: Vec<(NaiveDate, Sums)>,
    pub drift: Drift,
}

impl Forecasts {
    /// `None` when there is no such variant, product or product type.
    pub async fn told(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        target: Target,
    ) -> Result<Option<Told>, ForecastError> {
        let store = self.stores.pick(workspace, store).await?;
        let today = self.today(&store)?;
        let offers = offers(&self.ports, &store).await?;
        let title = match target {
            Target::Variant(id) => offers.get(&id).map(title),
            Target::Product(id) => offers
                .values()
                .find(|o| o.product.id == id)
                .map(|o| o.product.title.clone()),
            Target::Category(id) => offers
                .values()
                .map(|o| o.product.product_type.trim())
                .find(|name| CategoryId::of(name) == Some(id))
                .map(str::to_owned),
            Target::Store => Some(store.name.clone()),
        };
        let Some(title) = title else { return Ok(None) };
        let forecast = self.ports.forecasts.newest_forecast(store.scope, target);
        let forecast = forecast.await?;
        let history = History::read(&self.ports, &store, today, Some(PAST_DAYS)).await?;
        let past = past(&history, target);
        Ok(Some(Told {
            store,
            target,
            title,
            today,
            forecast,
            past,
        }))
    }

    /// How the forecasts of the last so many days fared.
    pub async fn accuracy(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        level: TargetLevel,
        days: u64,
    ) -> Result<Accuracy, ForecastError> {
        let store = self.stores.pick(workspace, store).await?;
        let today = self.today(&store)?;
        let range = DayRange {
            from: today - Days::new(days),
            to: today - Days::new(1),
        };
        let scored = self.ports.forecasts.scores(store.scope, range).await?;
        let drift = super::scoring::drift(&self.ports, store.scope, today).await?;
        Ok(accuracy(range, level, &scored, drift))
    }
}

/// As reports call it.
pub(crate) fn title(offer: &super::history::Offer) -> String {
    match offer.variant.title.as_str() {
        "" | "Default Title" => offer.product.title.clone(),
        variant => format!("{} · {variant}", offer.product.title),
    }
}

fn accuracy(range: DayRange, level: TargetLevel, scored: &[DayScores], drift: Drift) -> Accuracy {
    let mut total = Sums::default();
    let mut buckets: BTreeMap<Bucket, Sums> = BTreeMap::new();
    let mut models: BTreeMap<String, Sums> = BTreeMap::new();
    let mut days = Vec::new();
    for day in scored {
        let mine = day.cells.iter().filter(|(cell, _)| cell.level == level);
        for (cell, sums) in mine {
            total += *sums;
            *buckets.entry(cell.bucket).or_default() += *sums;
            *models.entry(cell.model.clone()).or_default() += *sums;
        }
        days.push((day.day, day.total(level)));
    }
    days.retain(|(_, sums)| sums.days > 0);
    let mut models: Vec<_> = models.into_iter().collect();
    models.sort_by_key(|(_, sums)| std::cmp::Reverse(sums.days));
    let bucket = |bucket| Bucketed {
        bucket,
        sums: buckets.get(&bucket).copied().unwrap_or_default(),
    };
    Accuracy {
        range,
        level,
        total,
        buckets: Bucket::ALL.map(bucket).to_vec(),
        models,
        days,
        drift,
    }
}

/// Of a sum the days without stock of a variant count with what was sold on them.
fn past(history: &History, target: Target) -> Vec<(NaiveDate, Option<f64>)> {
    if let Target::Variant(id) = target {
        let past = history.past(id);
        let days = history.range.days();
        return past.map_or_else(Vec::new, |past| {
            days.filter(|d| *d >= past.start)
                .map(|day| (day, past.on(day)))
                .collect()
        });
    }
    let belongs = |offer: &super::history::Offer| match target {
        Target::Product(id) => offer.product.id == id,
        Target::Category(id) => {
            offer.is_offered() && CategoryId::of(&offer.product.product_type) == Some(id)
        }
        Target::Variant(_) | Target::Store => offer.is_offered(),
    };
    let parts = history.offers.iter().filter(|(_, o)| belongs(o));
    let parts: Vec<_> = parts.filter_map(|(id, _)| history.sold.get(id)).collect();
    let sold = |day: &NaiveDate| {
        let units = parts.iter().filter_map(|sold| sold.get(day));
        units.map(|s| s.sold.max(0)).sum()
    };
    let days = history.range.days();
    days.map(|day| (day, Some(domain::inventory_plan::units(sold(&day)))))
        .collect()
}
