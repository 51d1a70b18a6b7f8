//! How good a supplier is, as the API writes it.

use crate::http::opportunities::view::{IntervalBody, hundredths};
use domain::purchase::{RatedFactor, RatingFactor, SupplierRating};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierRatingFactorName)]
pub(crate) enum NameBody {
    /// Orders that were whole on the agreed day, less 5 points a day of mean delay.
    Delivery,
    /// Units that came and are not written down as damaged, of those ordered.
    Quality,
    /// What was charged against what was agreed.
    Cost,
    /// Nothing that is written down tells it yet.
    Service,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierRatingFactor)]
pub(crate) struct FactorBody {
    name: NameBody,
    /// Percent. Where factors are missing, the others share their weight.
    weight: u32,
    /// From 0 to 100; null where own orders do not tell it.
    points: Option<i64>,
    /// What was found, in words.
    found: Option<String>,
    source: Option<String>,
    reason: Option<String>,
}

impl From<&RatedFactor> for FactorBody {
    fn from(factor: &RatedFactor) -> Self {
        let points = factor.points.value;
        let why = &factor.points.why;
        Self {
            name: match factor.name {
                RatingFactor::Delivery => NameBody::Delivery,
                RatingFactor::Quality => NameBody::Quality,
                RatingFactor::Cost => NameBody::Cost,
                RatingFactor::Service => NameBody::Service,
            },
            weight: factor.name.weight(),
            points: points.map(|p| p.value),
            found: factor.found.clone(),
            source: points.is_some().then(|| why.clone()),
            reason: points.is_none().then(|| why.clone()),
        }
    }
}

/// From own orders only: the newest twenty that tell something, and at least two.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierRating)]
pub(crate) struct RatingBody {
    /// From 0 to 100; null where no factor is known.
    score: Option<f64>,
    interval: IntervalBody,
    /// Percent of the weights that have a source.
    completeness: i64,
    factors: Vec<FactorBody>,
}

impl From<&SupplierRating> for RatingBody {
    fn from(rating: &SupplierRating) -> Self {
        let weighed = rating.weighed;
        Self {
            score: weighed.score.map(hundredths),
            interval: IntervalBody {
                low: hundredths(weighed.low),
                high: hundredths(weighed.high),
            },
            completeness: weighed.completeness,
            factors: rating.factors.iter().map(Into::into).collect(),
        }
    }
}
