//! Forecasts of daily series, behind the port `Forecaster`.
//!
//! A portfolio of well-known models tells each series' days to come. How well each would have done is seen from earlier days of the same
//! series (`roll`), mixed with what it did on series of the same kind (`pool`); by that they are combined (`combine`). Intervals come from what the
//! combination missed by on days that had no say in it (`interval`). `docs/FORECASTING.md` names the sources.

mod combine;
mod effects;
mod holidays;
mod interval;
mod linear;
mod models;
mod num;
mod one;
mod pool;
mod profile;
mod roll;
mod work;
mod year;

use domain::forecast::{Forecast, Plan, Series};
use pool::Pool;
use ports::PortResult;
use ports::forecaster::Forecaster;
use year::Years;

/// Series that what is common is learned from, at most; evenly spread over all.
const SAMPLE: usize = 1_000;

/// Uses as many threads as it is given.
#[derive(Debug, Clone, Copy)]
pub struct Portfolio {
    threads: usize,
}

impl Portfolio {
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self {
            threads: threads.max(1),
        }
    }

    /// As many threads as there are processors.
    #[must_use]
    pub fn of_this_machine() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

impl Forecaster for Portfolio {
    fn forecast(
        &self,
        plan: &Plan,
        series: &[Series],
        take: &mut dyn FnMut(Forecast) -> PortResult<()>,
    ) -> PortResult<()> {
        let step = series.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<&Series> = series.iter().step_by(step).collect();
        let years = Years::of(plan, series, &sample);
        let mut sampled = Vec::with_capacity(sample.len());
        work::in_order(
            self.threads,
            sample.len(),
            |at| one::sample(plan, sample[at], &years),
            &mut |s| {
                sampled.push(s);
                Ok(())
            },
        )?;
        let pool = Pool::learn(&sampled, plan.levels());
        work::in_order(
            self.threads,
            series.len(),
            |at| {
                let known = at.is_multiple_of(step).then(|| &sampled[at / step]);
                one::forecast(plan, (at, &series[at]), (&pool, &years), known)
            },
            take,
        )
    }
}
