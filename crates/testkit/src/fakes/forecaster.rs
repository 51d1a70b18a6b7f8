//! A forecaster that tells the mean of the last four weeks, whatever the weekday.

use chrono::NaiveDate;
use domain::forecast::{Forecast, History, Plan, Series, Share, Step};
use ports::PortResult;
use ports::forecaster::Forecaster;

/// As many days as it wants to have seen.
const NEEDED: usize = 49;
const RECENT: usize = 28;

#[derive(Debug, Clone, Copy, Default)]
pub struct FakeForecaster;

fn last(series: &Series) -> NaiveDate {
    series.day(series.values.len() - 1)
}

impl Forecaster for FakeForecaster {
    fn forecast(
        &self,
        plan: &Plan,
        series: &[Series],
        take: &mut dyn FnMut(Forecast) -> PortResult<()>,
    ) -> PortResult<()> {
        for (index, series) in series.iter().enumerate() {
            let days = series.values.len();
            let recent = &series.values[days.saturating_sub(RECENT)..];
            let count = u32::try_from(recent.len()).map_or(1.0, f64::from);
            let mean = recent.iter().sum::<f64>() / count;
            let step = Step {
                point: mean,
                mean,
                bounds: plan.levels().iter().map(|_| (0.0, 2.0 * mean)).collect(),
            };
            take(Forecast {
                index,
                first: series.day(days),
                steps: vec![step; plan.horizon()],
                models: vec![Share {
                    model: "mean",
                    weight: 1.0,
                }],
                trained: (series.start, last(series)),
                own_past: None,
                history: if days < NEEDED {
                    History::TooLittle {
                        days,
                        needed: NEEDED,
                    }
                } else {
                    History::Enough
                },
            })?;
        }
        Ok(())
    }
}
