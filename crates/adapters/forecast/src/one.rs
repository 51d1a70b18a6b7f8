//! A single series, from its past to its forecast.

use crate::combine::{Weights, combine, weigh};
use crate::effects::Effects;
use crate::interval::{Misses, Shape};
use crate::models::{self, NAMES, Past};
use crate::num::{mean, naive_error, of, tail};
use crate::pool::{Pool, Sampled, aside, kind_of};
use crate::roll::{Loss, errors, needed, roll};
use crate::year::{SharedYear, Waves, Years};
use domain::forecast::{Forecast, History, OwnPast, Plan, Series, Share, Step};
use std::borrow::Cow;

/// Days that tell today's level.
const RECENT: usize = 91;

/// A series without what is known to have been special about its days.
struct Plain<'a> {
    y: Cow<'a, [f64]>,
    waves: Option<&'a Waves>,
    shared: Option<(&'a SharedYear, usize)>,
    effects: Option<Effects>,
    factors: bool,
}

impl<'a> Plain<'a> {
    fn of(plan: &Plan, series: &'a Series, years: &'a Years) -> Self {
        let factors = series.values.iter().all(|v| *v >= 0.0);
        let days = (plan.short_season(), plan.horizon());
        let effects = Effects::of(series, plan.events(), days, factors);
        let y = match &effects {
            Some(effects) => Cow::Owned(effects.taken_out(&series.values)),
            None => Cow::Borrowed(series.values.as_slice()),
        };
        Self {
            y,
            waves: years.waves.as_ref(),
            shared: years.shared.as_ref().map(|s| (s, s.number(series.start))),
            effects,
            factors,
        }
    }

    fn past(&self, plan: &Plan) -> Past<'_> {
        Past {
            y: &self.y,
            season: plan.short_season(),
            year: self.waves,
            shared: self.shared,
            factors: self.factors,
        }
    }
}

pub(crate) fn sample(plan: &Plan, series: &Series, years: &Years) -> Sampled {
    let plain = Plain::of(plan, series, years);
    let past = plain.past(plan);
    Sampled {
        kind: kind_of(past.y),
        level: mean(tail(past.y, RECENT)),
        factors: past.factors,
        rolled: roll(past, plan.horizon()),
    }
}

/// What is `known` of it was learned when it was part of the sample.
pub(crate) fn forecast(
    plan: &Plan,
    (index, series): (usize, &Series),
    (pool, years): (&Pool, &Years),
    known: Option<&Sampled>,
) -> Forecast {
    let plain = Plain::of(plan, series, years);
    let past = plain.past(plan);
    let y = past.y;
    let common = pool.of(kind_of(y));
    let rolled = known.map_or_else(
        || Cow::Owned(roll(past, plan.horizon())),
        |known| Cow::Borrowed(&known.rolled),
    );
    let level = mean(tail(y, RECENT));
    let weights = |loss, prior| {
        let own = errors(&rolled.origins, loss, None);
        weigh(&own, of(rolled.origins.len()), prior)
    };
    let told = models::all(past, plan.horizon());
    let means = weights(Loss::Square, &common.squares);
    let means = combine(&told, &means, plan.horizon());
    let weights = weights(Loss::Absolute, &common.errors);
    let points = combine(&told, &weights, plan.horizon());
    let checked = aside(&rolled, &common.errors);
    let misses = if checked.is_empty() {
        Misses::unknown(level, past.factors, guess(y, past.season))
    } else {
        Misses::of(&checked, level, past.factors, &common.shape.growth)
    };
    let own_past = (!checked.is_empty()).then(|| {
        let days = || checked.iter().flat_map(|c| c.told.iter().zip(&c.followed));
        let miss: f64 = days().map(|(t, f)| (t - f).abs()).sum();
        let size: f64 = days().map(|(_, f)| f.abs()).sum();
        let count = of(days().count());
        OwnPast {
            mase: (rolled.scale > 0.0).then(|| miss / count / rolled.scale),
            wape: (size > 0.0).then(|| miss / size),
            coverage: coverage(plan, &checked, &misses, &common.shape),
            origins: checked.len(),
        }
    });
    let mut steps: Vec<Step> = points
        .iter()
        .zip(means)
        .map(|(point, mean)| Step {
            point: *point,
            mean,
            bounds: Vec::with_capacity(plan.levels().len()),
        })
        .collect();
    for (at, level) in plan.levels().iter().enumerate() {
        let bounds = misses.bounds(&points, &common.shape, (at, *level), None);
        steps
            .iter_mut()
            .zip(bounds)
            .for_each(|(s, b)| s.bounds.push(b));
    }
    if let Some(effects) = &plain.effects {
        for (day, step) in (y.len()..).zip(&mut steps) {
            let put_in = |value: &mut f64| *value = effects.put_in(*value, day);
            put_in(&mut step.point);
            put_in(&mut step.mean);
            for (lower, upper) in &mut step.bounds {
                put_in(lower);
                put_in(upper);
            }
        }
    }
    let needed = needed(past.season, plan.horizon());
    Forecast {
        index,
        first: series.day(y.len()),
        steps,
        models: shares(&weights),
        trained: (series.start, series.day(y.len() - 1)),
        own_past,
        history: if y.len() < needed {
            History::TooLittle {
                days: y.len(),
                needed,
            }
        } else {
            History::Enough
        },
    }
}

/// A mean miss where nothing could be held against what followed: that of the season before, or half the level.
fn guess(y: &[f64], season: usize) -> f64 {
    let naive = naive_error(y, season);
    if naive > 0.0 {
        naive
    } else {
        mean(y).abs() / 2.0
    }
}

fn coverage(
    plan: &Plan,
    checked: &[crate::interval::Checked],
    misses: &Misses,
    shape: &Shape,
) -> f64 {
    let (mut within, mut days) = (0.0, 0.0);
    for (aside, c) in checked.iter().enumerate() {
        let bounds = misses.bounds(&c.told, shape, (0, plan.levels()[0]), Some(aside));
        for (followed, (lower, upper)) in c.followed.iter().zip(bounds) {
            days += 1.0;
            if (lower..=upper).contains(followed) {
                within += 1.0;
            }
        }
    }
    within / days
}

fn shares(weights: &Weights) -> Vec<Share> {
    let all = NAMES.iter().zip(weights).filter(|(_, w)| **w > 0.0);
    let mut all: Vec<Share> = all
        .map(|(model, weight)| Share {
            model,
            weight: *weight,
        })
        .collect();
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    all
}
