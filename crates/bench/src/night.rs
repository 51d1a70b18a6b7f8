//! How long a store's first night takes, which makes all of its forecasts: from the facts in the database to the stored forecasts of variants,
//! products and the store. Later nights carry most of them on.

use crate::measure::{Bench, Figure};
use crate::product::{forget_peak, memory_mb};
use anyhow::{Result, bail, ensure};
use serde_json::Value;
use std::time::{Duration, Instant};

pub const FIRST: &str = "forecast_night_10000_variants_s";
pub const PEAK: &str = "forecast_night_peak_memory_mb";
pub const NAMES: [&str; 2] = [FIRST, PEAK];

/// Products of four variants each.
pub const PRODUCTS: u64 = 2_500;

impl Bench<'_> {
    /// Waits for the first sync. The product makes the forecasts by itself after it, so that the first night may have begun already.
    pub async fn night(&self) -> Result<Vec<Figure>> {
        self.sync_ended(None).await?;
        forget_peak(self.target.pid)?;
        let first = self.night_ended().await?;
        self.say(&format!(
            "{} forecasts of {} made in {:.1} s",
            first["refitted"],
            first["total"],
            seconds(&first)?
        ));
        let peak = memory_mb(self.target.pid, "VmHWM")?;
        ensure!(
            first["refitted"].as_u64() > Some(0),
            "the night made nothing: {first}"
        );
        Ok(vec![
            self.figure(FIRST, seconds(&first)?, "s"),
            self.figure(PEAK, peak, "MB"),
        ])
    }

    async fn night_ended(&self) -> Result<Value> {
        let mut told = Instant::now();
        loop {
            let run = self.read("/v1/forecasts/runs?limit=1").await?["runs"][0].clone();
            match run["status"].as_str() {
                Some("succeeded") => return Ok(run),
                Some("failed" | "cancelled") => bail!("the night did not succeed: {run}"),
                _ => {}
            }
            if told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                self.say(&format!("{} of {} forecasts", run["done"], run["total"]));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn seconds(run: &Value) -> Result<f64> {
    let seconds = run["seconds"].as_f64();
    seconds.ok_or_else(|| anyhow::anyhow!("a run that has ended tells no seconds: {run}"))
}
