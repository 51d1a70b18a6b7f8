//! Forecasts of daily series.

use crate::PortResult;
use domain::forecast::{Forecast, Plan, Series};

/// Computes; it needs processors and time, nothing from outside. Callers on an async runtime put it on a blocking thread.
pub trait Forecaster: Send + Sync {
    /// Hands each series' forecast to `take`, in the order of the series, as soon as it is there. Equal questions have equal answers, to the
    /// last bit. What a series never was, negative, its forecast is not. An error of `take` ends it and is answered.
    fn forecast(
        &self,
        plan: &Plan,
        series: &[Series],
        take: &mut dyn FnMut(Forecast) -> PortResult<()>,
    ) -> PortResult<()>;
}
