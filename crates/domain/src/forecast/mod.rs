//! Forecasts of daily series: what is asked, what is known, what is answered. How it is computed is an adapter's matter.

pub mod demand;
pub mod event;
pub mod plan;
pub mod run;
pub mod score;
pub mod series;
pub mod stored;

pub use event::{Event, EventError, EventKind};
pub use plan::{Level, Missing, Plan, PlanError};
pub use run::ForecastRun;
pub use series::{Builder, Findings, Refused, Series};
pub use stored::{CategoryId, StoredForecast, StoredStep, Target, TargetLevel};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One series' future.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Its place among the series that were asked for.
    pub index: usize,
    /// The first day that is forecast: the one after the last known.
    pub first: NaiveDate,
    pub steps: Vec<Step>,
    /// What it was combined from, the heaviest first.
    pub models: Vec<Share>,
    /// The days that it was learned from.
    pub trained: (NaiveDate, NaiveDate),
    /// How it would have done on its own past; `None` where there was too little of it.
    pub own_past: Option<OwnPast>,
    pub history: History,
}

impl Forecast {
    /// The model in words, e.g. `theta 0.60 + seasonal naive 0.40`.
    #[must_use]
    pub fn model(&self) -> String {
        let parts = self.models.iter();
        let parts: Vec<_> = parts
            .map(|s| format!("{} {:.2}", s.model, s.weight))
            .collect();
        parts.join(" + ")
    }
}

/// One day.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The central forecast: of the combination that had the smallest absolute error on the series' own past.
    pub point: f64,
    /// The expected value: what many such days have on average. Where most days are 0 and few are large it lies above `point`; stock is bought by it.
    pub mean: f64,
    /// Lower and upper bound of each level of the plan, in its order.
    pub bounds: Vec<(f64, f64)>,
}

/// How much a model has to say in a forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub model: &'static str,
    pub weight: f64,
}

/// What came out when the forecast was made from earlier days and held against what followed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OwnPast {
    /// Mean absolute scaled error; the scale is what the same weekday a week before misses by. `None` where nothing ever changed.
    pub mase: Option<f64>,
    /// Σ|error| ÷ Σ|value|; `None` where all values were 0.
    pub wape: Option<f64>,
    /// Share of the days that fell into the interval of the first level.
    pub coverage: f64,
    /// From how many earlier days it was made.
    pub origins: usize,
}

/// Whether there was enough to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum History {
    Enough,
    /// The forecast is a plain one, and its interval a guess from few days.
    TooLittle {
        days: usize,
        needed: usize,
    },
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enough => f.write_str("enough history"),
            Self::TooLittle { days, needed } => {
                write!(f, "too little history: {days} of {needed} days")
            }
        }
    }
}
