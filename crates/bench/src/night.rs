//! How long a store's nightly forecasts take, from the facts in the database to the stored forecasts of variants, products and the store: the
//! first night, which makes all of them, and one that finds nothing new and carries them on.

use crate::measure::{Bench, Figure};
use crate::product::{forget_peak, memory_mb};
use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub const FIRST: &str = "forecast_night_10000_variants_s";
pub const CARRIED: &str = "forecast_night_carried_s";
pub const PEAK: &str = "forecast_night_peak_memory_mb";
pub const NAMES: [&str; 3] = [FIRST, CARRIED, PEAK];

/// Products of four variants each.
pub const PRODUCTS: u64 = 2_500;

impl Bench<'_> {
    /// Waits for the first sync. The product makes the forecasts by itself after it, so that the first night may have begun already.
    pub async fn night(&self) -> Result<Vec<Figure>> {
        self.sync_ended(None).await?;
        forget_peak(self.target.pid)?;
        let first = self.night_ended(None).await?;
        self.say(&format!(
            "{} forecasts of {} made in {:.1} s",
            first["refitted"],
            first["total"],
            seconds(&first)?
        ));
        let peak = memory_mb(self.target.pid, "VmHWM")?;
        let run = self.post("/v1/forecasts/refresh", &json!({})).await?;
        let second = self.night_ended(run["id"].as_str()).await?;
        ensure!(
            first["refitted"].as_u64() > Some(0) && second["refitted"] == 0,
            "the second night made forecasts anew: {second}"
        );
        Ok(vec![
            self.figure(FIRST, seconds(&first)?, "s"),
            self.figure(CARRIED, seconds(&second)?, "s"),
            self.figure(PEAK, peak, "MB"),
        ])
    }

    /// Of a run, or of the newest one.
    async fn night_ended(&self, id: Option<&str>) -> Result<Value> {
        let mut told = Instant::now();
        loop {
            let run = match id {
                Some(id) => self.read(&format!("/v1/forecasts/runs/{id}")).await?,
                None => self.read("/v1/forecasts/runs?limit=1").await?["runs"][0].clone(),
            };
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
