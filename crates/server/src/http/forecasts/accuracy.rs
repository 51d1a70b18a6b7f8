//! `GET /v1/forecasts/accuracy`

use super::view::LevelBody;
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::forecasts::Accuracy;
use chrono::NaiveDate;
use domain::forecast::score::{Bucket, Drift, DriftState, Sums};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

const USUAL: u64 = 28;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Days up to yesterday.
    #[param(minimum = 7, maximum = 365)]
    days: Option<u64>,
    #[serde(default)]
    #[param(value_type = Option<LevelBody>)]
    level: LevelBody,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastScore)]
pub(crate) struct ScoreBody {
    /// Days that were compared, each night that told a day for itself.
    n: u64,
    /// In misses of the same weekday a week before.
    mase: Option<f64>,
    wape: Option<f64>,
    /// Σ(expected − sold) ÷ Σ sold: above 0 too much was told.
    bias: Option<f64>,
    /// Share inside the interval of 80 %.
    coverage: Option<f64>,
}

impl From<&Sums> for ScoreBody {
    fn from(sums: &Sums) -> Self {
        Self {
            n: sums.days,
            mase: sums.mase(),
            wape: sums.wape(),
            bias: sums.bias(),
            coverage: sums.coverage(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastBucketScore)]
pub(crate) struct BucketBody {
    /// `1`, `2-7`, `8-14` or `15-28`.
    bucket: String,
    from: usize,
    to: usize,
    #[serde(flatten)]
    score: ScoreBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastModelScore)]
pub(crate) struct ModelBody {
    /// The one with the most to say in the combination.
    model: String,
    #[serde(flatten)]
    score: ScoreBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastDayScore)]
pub(crate) struct DayBody {
    day: NaiveDate,
    #[serde(flatten)]
    score: ScoreBody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ForecastDriftState)]
pub(crate) enum DriftStateBody {
    TooEarly,
    None,
    Drifting,
}

/// Whether variants are told worse than they used to be: the weeks of the last 28 scored days against those of the half year before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastDrift)]
pub(crate) struct DriftBody {
    state: DriftStateBody,
    recent_mase: Option<f64>,
    past_mase: Option<f64>,
    p_value: Option<f64>,
    reason: &'static str,
}

impl From<Drift> for DriftBody {
    fn from(drift: Drift) -> Self {
        let (state, reason) = match drift.state {
            DriftState::TooEarly => (
                DriftStateBody::TooEarly,
                "ten weeks of scored nights are needed to tell",
            ),
            DriftState::None => (
                DriftStateBody::None,
                "the last four weeks are as good as the ones before",
            ),
            DriftState::Drifting => (
                DriftStateBody::Drifting,
                "the last four weeks are worse than chance would have it, and by more than a tenth",
            ),
        };
        Self {
            state,
            recent_mase: drift.recent,
            past_mase: drift.past,
            p_value: drift.p_value,
            reason,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastAccuracy)]
pub(crate) struct Body {
    from: NaiveDate,
    to: NaiveDate,
    level: LevelBody,
    total: Option<ScoreBody>,
    /// By days ahead.
    buckets: Vec<BucketBody>,
    models: Vec<ModelBody>,
    /// Oldest first; days on which nothing was compared are left out.
    days: Vec<DayBody>,
    drift: DriftBody,
    unavailable: BTreeMap<String, String>,
}

#[utoipa::path(
    get, path = "/v1/forecasts/accuracy", operation_id = "forecast_accuracy", tag = "inventory",
    summary = "Forecasts of earlier nights against what was sold",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let days = query.days.unwrap_or(USUAL);
    if !(7..=365).contains(&days) {
        let message = "must be from 7 to 365";
        return Err(Problem::invalid(vec![FieldError::new("days", message)]));
    }
    let level = query.level.into();
    let workspace = who.workspace.id;
    let told = app
        .forecasts
        .accuracy(workspace, store, level, days)
        .await?;
    Ok(web::Json(body(&told)))
}

fn body(told: &Accuracy) -> Body {
    let mut unavailable = BTreeMap::new();
    if told.total.days == 0 {
        let why = "no forecast was held against what followed yet; the first is scored the night after it was made";
        unavailable.insert("total".to_owned(), why.to_owned());
    }
    let bucket = |bucket: Bucket, sums: &Sums| {
        let (from, to) = bucket.days();
        let name = if from == to {
            from.to_string()
        } else {
            format!("{from}-{to}")
        };
        BucketBody {
            bucket: name,
            from,
            to,
            score: sums.into(),
        }
    };
    Body {
        from: told.range.from,
        to: told.range.to,
        level: told.level.into(),
        total: (told.total.days > 0).then(|| ScoreBody::from(&told.total)),
        buckets: told
            .buckets
            .iter()
            .map(|b| bucket(b.bucket, &b.sums))
            .collect(),
        models: told
            .models
            .iter()
            .map(|(model, sums)| ModelBody {
                model: model.clone(),
                score: sums.into(),
            })
            .collect(),
        days: told
            .days
            .iter()
            .map(|(day, sums)| DayBody {
                day: *day,
                score: sums.into(),
            })
            .collect(),
        drift: told.drift.into(),
        unavailable,
    }
}
