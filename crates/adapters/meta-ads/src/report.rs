//! A report as a job: ordered, waited for, read. Meta's jobs may fail, or never begin, or never end.

use crate::client::MetaAds;
use crate::read::report;
use crate::wire::{Ordered, Report};
use adapter_kit::Effect;
use domain::ads::{AdLevel, InsightDay};
use domain::calendar::DayRange;
use ports::PortResult;
use std::time::{Duration, Instant};

/// How long is waited for a job.
#[derive(Debug, Clone, Copy)]
pub struct ReportLimits {
    /// Until it begins. Default 5 min.
    pub start: Duration,
    /// Until it ends. Default 30 min.
    pub finish: Duration,
    /// Longest wait between two looks; the first waits are short and grow. Default 2 s.
    pub poll: Duration,
}

impl Default for ReportLimits {
    fn default() -> Self {
        Self {
            start: Duration::from_secs(300),
            finish: Duration::from_secs(1800),
            poll: Duration::from_secs(2),
        }
    }
}

/// Small reports are made at once.
const FIRST_WAIT: Duration = Duration::from_millis(25);

const FIELDS: &str = "async_status,async_percent_completion,error_message,error_user_msg";

impl MetaAds {
    /// Its rows, or why Meta did not make it, in words: a smaller part may succeed.
    pub(crate) async fn report_as_job(
        &self,
        level: AdLevel,
        range: DayRange,
    ) -> PortResult<Result<Vec<InsightDay>, String>> {
        let operation = "ads.report";
        let path = format!("act_{}/insights", self.account);
        // A second report of the same days changes nothing.
        let effect = Effect::Write { idempotent: true };
        let fields = report(level, range);
        let ordered = self.post(operation, &path, &fields, effect).await?;
        let ordered: Ordered = match ordered {
            Ok(ordered) => ordered,
            Err(said) => return self.smaller_or_refused(operation, &said).map(Err),
        };
        let id = ordered.report_run_id;
        let begun = Instant::now();
        let mut wait = FIRST_WAIT.min(self.reports.poll);
        loop {
            let query = [("fields", FIELDS.to_owned())];
            let state: Report = match self.get(operation, &id, &query).await? {
                Ok(state) => state,
                Err(said) => return self.smaller_or_refused(operation, &said).map(Err),
            };
            let waited = begun.elapsed();
            match state.async_status.as_str() {
                "Job Completed" if state.async_percent_completion >= 100 => break,
                "Job Failed" | "Job Skipped" => {
                    let why = state.error_user_msg.or(state.error_message);
                    return Ok(Err(why.unwrap_or_else(|| state.async_status.clone())));
                }
                "Job Not Started" if waited >= self.reports.start => {
                    return Ok(Err(format!(
                        "the job did not begin within {} s",
                        self.reports.start.as_secs()
                    )));
                }
                _ if waited >= self.reports.finish => {
                    let percent = state.async_percent_completion;
                    return Ok(Err(format!(
                        "the job stood at {percent} % after {} s",
                        self.reports.finish.as_secs()
                    )));
                }
                _ => {
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(self.reports.poll);
                }
            }
        }
        let path = format!("{id}/insights");
        self.days(operation, &path, &[], level, range).await
    }
}
