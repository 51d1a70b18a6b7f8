//! The forecaster over series that are as good or bad as they come.

#![expect(clippy::unwrap_used, reason = "tests")]

mod accuracy;
mod carried;
mod oddities;
mod shop;

use adapter_forecast::Portfolio;
use domain::forecast::{Forecast, Level, Plan, Series};
use ports::forecaster::Forecaster as _;

pub(crate) fn plan(horizon: usize) -> Plan {
    Plan::new(horizon, vec![7, 365], vec![Level::USUAL], Vec::new()).unwrap()
}

pub(crate) fn series(id: &str, values: Vec<f64>) -> Series {
    Series {
        id: id.to_owned(),
        start: "2023-01-02".parse().unwrap(),
        values,
        regressors: Vec::new(),
    }
}

pub(crate) fn forecast(plan: &Plan, series: &[Series], threads: usize) -> Vec<Forecast> {
    let mut all = Vec::new();
    let taken = Portfolio::new(threads).forecast(plan, series, &mut |forecast| {
        all.push(forecast);
        Ok(())
    });
    taken.unwrap();
    all
}

/// Of one series alone.
pub(crate) fn alone(values: Vec<f64>, horizon: usize) -> Forecast {
    forecast(&plan(horizon), &[series("a", values)], 1).remove(0)
}
