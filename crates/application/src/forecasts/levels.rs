//! Sums of variants, and what a new variant borrows from its like.

use super::history::History;
use chrono::NaiveDate;
use domain::forecast::demand::Past;
use domain::forecast::{CategoryId, History as Enough, Series, StoredForecast, StoredStep, Target};
use domain::ids::VariantId;
use std::collections::BTreeMap;

/// A sum and what it is made of.
pub(super) type Sum = (Target, Vec<VariantId>);

/// The series of each product, of each product type and of the store: nothing before a variant was offered, days without stock bridged.
pub(super) fn series(
    history: &History,
    pasts: &BTreeMap<VariantId, Past>,
) -> (Vec<Sum>, Vec<Series>) {
    let mut products: BTreeMap<_, Vec<VariantId>> = BTreeMap::new();
    let mut categories: BTreeMap<_, Vec<VariantId>> = BTreeMap::new();
    for id in pasts.keys() {
        if let Some(offer) = history.offers.get(id) {
            products.entry(offer.product.id).or_default().push(*id);
            if let Some(category) = CategoryId::of(&offer.product.product_type) {
                categories.entry(category).or_default().push(*id);
            }
        }
    }
    let targets = products
        .into_iter()
        .map(|(product, parts)| (Target::Product(product), parts));
    let categories = categories
        .into_iter()
        .map(|(category, parts)| (Target::Category(category), parts));
    let store = (Target::Store, pasts.keys().copied().collect());
    let targets: Vec<Sum> = targets
        .chain(categories)
        .chain([store])
        .filter(|(_, p)| !p.is_empty())
        .collect();
    let series = targets.iter().map(|(target, parts)| {
        let parts: Vec<_> = parts.iter().filter_map(|id| pasts.get(id)).collect();
        let id = format!("{} {}", target.level().as_str(), target.number());
        added(id, &parts, history.range.to)
    });
    let series = series.collect();
    (targets, series)
}

fn added(id: String, parts: &[&Past], to: NaiveDate) -> Series {
    let start = parts.iter().map(|p| p.start).min().unwrap_or(to);
    let place = |day: NaiveDate| usize::try_from((day - start).num_days()).unwrap_or(0);
    let mut values = vec![0.0; place(to) + 1];
    for part in parts {
        let series = part.series(String::new());
        let at = place(part.start);
        let days = values.iter_mut().skip(at).zip(&series.values);
        days.for_each(|(sum, value)| *sum += value);
    }
    Series {
        id,
        start,
        values,
        regressors: Vec::new(),
    }
}

/// `own` was told from the past of the sum. Its days become the sums of what its parts expect; its intervals keep their widths.
pub(super) fn add_up(
    mut own: StoredForecast,
    parts: &[&StoredForecast],
    day: NaiveDate,
) -> StoredForecast {
    let days = parts.iter().map(|p| p.rest(day).len()).min().unwrap_or(0);
    own.steps.truncate(days);
    for (at, step) in own.steps.iter_mut().enumerate() {
        let expected = parts.iter().filter_map(|p| p.rest(day).get(at));
        let mean: f64 = expected.map(|s| s.mean).sum();
        let moved = mean - step.mean;
        *step = StoredStep {
            mean,
            point: mean,
            low: (step.low + moved).max(0.0),
            high: (step.high + moved).max(mean),
        };
    }
    own
}

/// As many days of its like as its own count for.
const LIKE: f64 = 14.0;
/// Fewer tell nothing about another one.
const LEAST_LIKE: usize = 3;

/// What has too short a past takes the level of the products of its type into account, the more the shorter it is.
pub(super) fn borrow(
    made: &mut [StoredForecast],
    held: &BTreeMap<VariantId, StoredForecast>,
    history: &History,
) {
    let type_of = |target: Target| match target {
        Target::Variant(id) => history
            .offers
            .get(&id)
            .map(|o| o.product.product_type.as_str()),
        Target::Product(_) | Target::Category(_) | Target::Store => None,
    };
    let mut levels: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for forecast in made.iter().chain(held.values()) {
        if forecast.history == Enough::Enough
            && let Some(kind) = type_of(forecast.target).filter(|t| !t.is_empty())
        {
            levels.entry(kind).or_default().push(per_day(forecast));
        }
    }
    levels.retain(|_, like| like.len() >= LEAST_LIKE);
    for forecast in made {
        if forecast.history == Enough::Enough {
            continue;
        }
        let kind = type_of(forecast.target);
        let like = kind.and_then(|kind| Some((kind, levels.get_mut(kind)?)));
        if let Some((kind, like)) = like {
            let days = f64::from(forecast.days);
            let own = per_day(forecast);
            let wanted = (days * own + LIKE * middle(like)) / (days + LIKE);
            forecast.rescale(wanted);
            forecast.borrowed_from = Some(kind.to_owned());
        }
    }
}

fn per_day(forecast: &StoredForecast) -> f64 {
    let days = u32::try_from(forecast.steps.len()).unwrap_or(1).max(1);
    forecast.steps.iter().map(|s| s.mean).sum::<f64>() / f64::from(days)
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() % 2 {
        0 => f64::midpoint(values[half - 1], values[half]),
        _ => values[half],
    }
}
