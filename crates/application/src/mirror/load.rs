//! One day: its job is named, sent, and waited for.

use super::Mirror;
use super::days::Kept;
use domain::ids::StoreId;
use domain::warehouse::{Content, PendingLoad};
use ports::warehouse::{DayLoad, JobState, Warehouse};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use std::time::Duration;
use uuid::Uuid;

/// Between two looks: twice as long each time.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
/// Looks at one job before the run is put down; the next run goes on with it.
const MOST_LOOKS: u32 = 30;
/// Jobs of one day in a run: the first may end in a fault that passes.
const MOST_JOBS: u32 = 3;

fn fault(kind: Kind, retry: Retry, detail: String) -> PortError {
    PortError::new(kind, retry, "bigquery", "mirror.load", detail)
}

impl Mirror {
    /// Answers the rows that are there now.
    pub(super) async fn load_day(
        &self,
        warehouse: &dyn Warehouse,
        credentials: &SecretString,
        store: StoreId,
        kept: &mut Kept,
        lines: Vec<String>,
    ) -> PortResult<u64> {
        let mut content = Content::default();
        lines.iter().for_each(|line| content.add(line));
        let load = DayLoad {
            table: kept.day.table,
            store,
            day: kept.day.day,
            lines: lines.into_iter().map(|line| line + "\n").collect(),
        };
        let mut reason = String::new();
        for _ in 0..MOST_JOBS {
            self.settle(warehouse, credentials, kept, &content).await?;
            let job = self.named(kept, &content).await?;
            // One that was sent before may be there already.
            if warehouse.job(credentials, &job).await?.is_none() {
                warehouse.load(credentials, &job, &load).await?;
            }
            match self.wait(warehouse, credentials, &job).await? {
                JobState::Done { rows } if rows == content.rows => {
                    kept.day.arrived(&content, self.ports.clock.now());
                    self.note(kept).await?;
                    return Ok(rows);
                }
                JobState::Done { rows } => {
                    reason = format!("{rows} of {} rows arrived", content.rows);
                    self.refuse(kept, &reason).await?;
                    break;
                }
                JobState::Failed { reason: why, again } => {
                    reason = why;
                    self.refuse(kept, &reason).await?;
                    if !again {
                        break;
                    }
                }
                JobState::Running => {
                    let retry = Retry::After(Duration::from_secs(300));
                    let detail = format!("the job {job} still runs: it is looked at again later");
                    return Err(fault(Kind::Unavailable, retry, detail));
                }
            }
        }
        let detail = format!("{} was not loaded: {reason}", kept.day.name());
        Err(fault(Kind::Rejected, Retry::Never, detail))
    }

    /// A job of other content that is still on its way would write over what comes after it: its end is waited for.
    async fn settle(
        &self,
        warehouse: &dyn Warehouse,
        credentials: &SecretString,
        kept: &Kept,
        content: &Content,
    ) -> PortResult<()> {
        let other = kept.day.pending.as_ref();
        let Some(other) = other.filter(|p| p.content != content.text()) else {
            return Ok(());
        };
        if warehouse.job(credentials, &other.job).await?.is_none() {
            return Ok(());
        }
        match self.wait(warehouse, credentials, &other.job).await? {
            JobState::Running => {
                let retry = Retry::After(Duration::from_secs(300));
                let detail = format!("the job {} still runs", other.job);
                Err(fault(Kind::Unavailable, retry, detail))
            }
            _ => Ok(()),
        }
    }

    /// The name of the job of this content: the one that was written down, else a new one, which is written down.
    async fn named(&self, kept: &mut Kept, content: &Content) -> PortResult<String> {
        let text = content.text();
        if let Some(pending) = kept.day.pending.as_ref().filter(|p| p.content == text) {
            return Ok(pending.job.clone());
        }
        let (table, day) = (kept.day.table.as_str(), kept.day.day.format("%Y%m%d"));
        let job = format!("royal_{table}_{day}_{}", Uuid::new_v4().simple());
        kept.day.pending = Some(PendingLoad {
            job: job.clone(),
            content: text,
        });
        self.note(kept).await?;
        Ok(job)
    }

    /// A name is spent with its job.
    async fn refuse(&self, kept: &mut Kept, reason: &str) -> PortResult<()> {
        kept.day.pending = None;
        kept.day.last_error = Some(reason.to_owned());
        self.note(kept).await
    }

    async fn wait(
        &self,
        warehouse: &dyn Warehouse,
        credentials: &SecretString,
        job: &str,
    ) -> PortResult<JobState> {
        let mut wait = FIRST_WAIT;
        for _ in 0..MOST_LOOKS {
            match warehouse.job(credentials, job).await? {
                Some(JobState::Running) => {}
                Some(end) => return Ok(end),
                None => {
                    let retry = Retry::After(Duration::from_secs(60));
                    let detail = format!("the job {job} was taken and is not there");
                    return Err(fault(Kind::Unavailable, retry, detail));
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        Ok(JobState::Running)
    }
}
