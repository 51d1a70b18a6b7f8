//! How long a large ad account takes to be read: three years of 200 campaigns with five ad sets each, at either platform, from when the
//! reading is asked for to its end, and the window that every later reading looks at again. The sandbox plays both platforms in the
//! bench's process; its work is in these times.

use crate::measure::{Bench, Figure};
use crate::product::{forget_peak, memory_mb};
use anyhow::{Context as _, Result, anyhow, bail, ensure};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub const META: &str = "ads_sync_meta_s";
pub const GOOGLE: &str = "ads_sync_google_s";
pub const AGAIN: &str = "ads_sync_window_s";
pub const PEAK: &str = "ads_sync_peak_memory_mb";
pub const NAMES: [&str; 4] = [META, GOOGLE, AGAIN, PEAK];

/// Orders of the store that the accounts belong to.
pub const ORDERS: u64 = 1_000;
const PLATFORMS: [(&str, &str); 2] = [("meta", META), ("google_ads", GOOGLE)];

/// How much there is to read at each platform.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub campaigns: usize,
    pub ad_sets_each: usize,
    pub days: i64,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            campaigns: 200,
            ad_sets_each: 5,
            days: 3 * 365,
        }
    }
}

/// Both platforms, with accounts of this size.
///
/// # Errors
/// Where no address is free.
pub async fn market(size: Size) -> Result<sandbox::Running> {
    let options = sandbox::Options {
        port: 0,
        // Spend follows the days of orders: a few on each.
        orders: usize::try_from(size.days * 3).context("days")?,
        days: size.days,
        ..sandbox::Options::default()
    };
    let running = sandbox::start(options).await?;
    for (platform, _) in PLATFORMS {
        let account = json!({ "platform": platform, "campaigns": size.campaigns, "groups": size.ad_sets_each });
        running.ads_change(&account).map_err(|why| anyhow!(why))?;
    }
    Ok(running)
}

impl Bench<'_> {
    /// The product's settings name [`market`] as the sandbox beside it. Waits for the first sync of the shop, which is not measured.
    ///
    /// # Errors
    /// Where a reading fails, or the window told other figures than a moment before.
    pub async fn ads(&self) -> Result<Vec<Figure>> {
        self.sync_ended(None).await?;
        forget_peak(self.target.pid)?;
        let (mut figures, mut again) = (Vec::new(), 0.0_f64);
        for (platform, name) in PLATFORMS {
            let body = json!({ "platform": platform, "sandbox": true });
            let account = self.post("/v1/ad-accounts", &body).await?;
            let id = account["id"].as_str().context("an account without id")?;
            let first = self.reading_ended(id, &account["last_sync"]).await?;
            let took = seconds(&first)?;
            self.say(&format!(
                "{platform}: {} rows of {} campaigns and {} ad sets in {took:.1} s",
                first["rows_written"], first["campaigns"], first["ad_sets"]
            ));
            ensure!(first["rows_written"].as_u64() > Some(0), "nothing: {first}");
            figures.push(self.figure(name, took, "s"));
            let path = format!("/v1/ad-accounts/{id}/sync");
            let run = self.post(&path, &json!({})).await?;
            let second = self.reading_ended(id, &run).await?;
            let changed = second["rows_written"].as_u64().unwrap_or(0)
                + second["rows_removed"].as_u64().unwrap_or(0);
            // Past midnight the days are others.
            let same_day = first["to"] == second["to"];
            ensure!(
                !same_day || changed == 0,
                "{changed} rows changed: {second}"
            );
            again = again.max(seconds(&second)?);
        }
        let peak = memory_mb(self.target.pid, "VmHWM")?;
        figures.push(self.figure(AGAIN, again, "s"));
        figures.push(self.figure(PEAK, peak, "MB"));
        Ok(figures)
    }

    async fn reading_ended(&self, account: &str, run: &Value) -> Result<Value> {
        let path = format!("/v1/ad-accounts/{account}");
        let mut told = Instant::now();
        loop {
            let last = self.read(&path).await?["last_sync"].clone();
            // The account may still show the reading before.
            if last["id"] == run["id"] {
                match last["status"].as_str() {
                    Some("succeeded") => return Ok(last),
                    Some("failed" | "cancelled") => bail!("the account was not read: {last}"),
                    _ => {}
                }
            }
            if told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                self.say(&format!(
                    "{} of {} days of advertisements",
                    last["days_done"], last["days_total"]
                ));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn seconds(run: &Value) -> Result<f64> {
    let at = |field: &str| -> Result<DateTime<Utc>> {
        let text = run[field].as_str();
        let text = text.with_context(|| format!("no {field} in {run}"))?;
        Ok(text.parse()?)
    };
    let took = at("finished_at")? - at("created_at")?;
    Ok(took.to_std()?.as_secs_f64())
}
