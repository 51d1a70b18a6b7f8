//! Forecasts and the nights' runs as the API writes them.

use application::forecasts::Told;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::forecast::{
    ForecastRun, History, OwnPast, StoredForecast, StoredStep, Target, TargetLevel,
};
use domain::reconciliation::Trigger;
use domain::sync::SyncStatus;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ForecastLevel)]
pub(crate) enum LevelBody {
    #[default]
    Variant,
    Product,
    /// Product types.
    Category,
    Store,
}

impl From<TargetLevel> for LevelBody {
    fn from(level: TargetLevel) -> Self {
        match level {
            TargetLevel::Variant => Self::Variant,
            TargetLevel::Product => Self::Product,
            TargetLevel::Category => Self::Category,
            TargetLevel::Store => Self::Store,
        }
    }
}

impl From<LevelBody> for TargetLevel {
    fn from(level: LevelBody) -> Self {
        match level {
            LevelBody::Variant => Self::Variant,
            LevelBody::Product => Self::Product,
            LevelBody::Category => Self::Category,
            LevelBody::Store => Self::Store,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ForecastHistory)]
pub(crate) enum HistoryBody {
    Enough,
    TooLittle,
    /// Nothing was sold, or no forecast was made yet.
    None,
}

impl HistoryBody {
    pub(crate) fn of(history: Option<History>) -> Self {
        match history {
            Some(History::Enough) => Self::Enough,
            Some(History::TooLittle { .. }) => Self::TooLittle,
            None => Self::None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ForecastState)]
pub(crate) enum StateBody {
    Ready,
    None,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastStep)]
pub(crate) struct StepBody {
    day: NaiveDate,
    /// The expected value: what stock is bought by.
    mean: f64,
    /// The centre with the smallest absolute error.
    point: f64,
    /// Bounds of the interval of 80 %.
    p10: f64,
    p90: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastTraining)]
pub(crate) struct TrainedBody {
    from: NaiveDate,
    to: NaiveDate,
    days: u32,
    /// Days without stock, of which nobody knows what would have been sold.
    censored: u32,
}

/// How it would have done on its own past.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastOwnPast)]
pub(crate) struct OwnPastBody {
    /// In misses of the same weekday a week before.
    mase: Option<f64>,
    wape: Option<f64>,
    coverage: f64,
    origins: usize,
}

impl From<OwnPast> for OwnPastBody {
    fn from(past: OwnPast) -> Self {
        Self {
            mase: past.mase,
            wape: past.wape,
            coverage: past.coverage,
            origins: past.origins,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastPastDay)]
pub(crate) struct PastBody {
    day: NaiveDate,
    /// Null: it was out of stock, so nobody knows.
    demand: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Forecast)]
pub(crate) struct ForecastBody {
    level: LevelBody,
    variant_id: Option<String>,
    product_id: Option<String>,
    title: String,
    state: StateBody,
    made_at: Option<DateTime<Utc>>,
    /// The first of `steps`.
    first: Option<NaiveDate>,
    /// From today on, at most 28 days.
    steps: Vec<StepBody>,
    /// In percent.
    levels: Vec<u8>,
    model: Option<String>,
    trained: Option<TrainedBody>,
    own_past: Option<OwnPastBody>,
    history: HistoryBody,
    history_reason: Option<String>,
    /// The product type whose level it took into account.
    borrowed_from: Option<String>,
    /// It was carried on: what happened since it was made is as was expected.
    reused: bool,
    /// Oldest first.
    past: Vec<PastBody>,
    unavailable: BTreeMap<String, String>,
}

impl ForecastBody {
    pub(crate) fn of(told: &Told) -> Self {
        let forecast = told.forecast.as_ref();
        let forecast = forecast.filter(|f| !f.from(told.today).is_empty());
        let (variant_id, product_id) = match told.target {
            Target::Variant(id) => (Some(id.to_string()), None),
            Target::Product(id) => (None, Some(id.to_string())),
            Target::Category(_) | Target::Store => (None, None),
        };
        let past = told.past.iter().map(|(day, demand)| PastBody {
            day: *day,
            demand: *demand,
        });
        let steps = forecast.map_or(&[][..], |f| f.from(told.today));
        let mut unavailable = BTreeMap::new();
        if forecast.is_none() {
            let why = if told.forecast.is_some() {
                "the last forecast is too old: its days are over"
            } else {
                "nothing of it was sold, or no forecast was made yet: forecasts are made each night, or when asked for"
            };
            unavailable.insert("steps".to_owned(), why.to_owned());
        }
        Self {
            level: told.target.level().into(),
            variant_id,
            product_id,
            title: told.title.clone(),
            state: forecast.map_or(StateBody::None, |_| StateBody::Ready),
            made_at: forecast.map(|f| f.made_at),
            first: forecast.map(|_| told.today),
            steps: self::steps(told.today, steps),
            levels: vec![80],
            model: forecast.map(|f| f.model.clone()),
            trained: forecast.map(trained),
            own_past: forecast.and_then(|f| f.own_past).map(Into::into),
            history: HistoryBody::of(forecast.map(|f| f.history)),
            history_reason: forecast.and_then(history_reason),
            borrowed_from: forecast.and_then(|f| f.borrowed_from.clone()),
            reused: forecast.is_some_and(|f| f.is_carried(told.today)),
            past: past.collect(),
            unavailable,
        }
    }
}

fn steps(first: NaiveDate, steps: &[StoredStep]) -> Vec<StepBody> {
    let days = first.iter_days().zip(steps);
    days.map(|(day, step)| StepBody {
        day,
        mean: step.mean,
        point: step.point,
        p10: step.low,
        p90: step.high,
    })
    .collect()
}

fn trained(forecast: &StoredForecast) -> TrainedBody {
    TrainedBody {
        from: forecast.trained.0,
        to: forecast.trained.1,
        days: forecast.days,
        censored: forecast.censored,
    }
}

fn history_reason(forecast: &StoredForecast) -> Option<String> {
    let said = match forecast.history {
        History::Enough => return None,
        history @ History::TooLittle { .. } => history.to_string(),
    };
    Some(match &forecast.borrowed_from {
        Some(_) => format!("{said}; the level is borrowed in part from its product type"),
        None => said,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ForecastTrigger)]
pub(crate) enum TriggerBody {
    Schedule,
    Request,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastFailure)]
pub(crate) struct FailureBody {
    message: String,
    remedy: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastRun)]
pub(crate) struct RunBody {
    #[schema(format = "uuid")]
    pub(crate) id: String,
    #[schema(format = "uuid")]
    store_id: String,
    trigger: TriggerBody,
    /// queued, running, cancelling, cancelled, succeeded or failed.
    status: &'static str,
    /// The first day that is told.
    day: NaiveDate,
    /// Series, those of products and of the store among them.
    done: u64,
    /// Null until they are counted.
    total: Option<u64>,
    /// Variants that were told anew, were carried on, and have too short a past.
    refitted: u64,
    reused: u64,
    too_little: u64,
    /// Days whose earlier forecasts were held against what followed.
    scored_days: u64,
    seconds: Option<f64>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    error: Option<FailureBody>,
}

impl RunBody {
    pub(crate) fn of(run: &ForecastRun) -> Self {
        let took = run.started_at.zip(run.finished_at);
        let seconds = |took: Duration| took.as_seconds_f64();
        Self {
            id: run.id.to_string(),
            store_id: run.scope.store.to_string(),
            trigger: match run.trigger {
                Trigger::Schedule => TriggerBody::Schedule,
                Trigger::Request => TriggerBody::Request,
            },
            status: status(run.status),
            day: run.day,
            done: run.done,
            total: run.total,
            refitted: run.refitted,
            reused: run.reused,
            too_little: run.too_little,
            scored_days: run.scored_days,
            seconds: took.map(|(from, to)| seconds(to - from)),
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            error: run.error.as_ref().map(|e| FailureBody {
                message: e.message.clone(),
                remedy: e.remedy.clone(),
            }),
        }
    }
}

const fn status(status: SyncStatus) -> &'static str {
    status.as_str()
}
