//! A tracker and a warehouse in memory, which lose answers on demand.

use async_trait::async_trait;
use domain::ids::StoreId;
use domain::incident::IssueRef;
use domain::warehouse::MirrorTable;
use ports::source::LinkState;
use ports::tracker::{FoundIssue, NewIssue, Tracker, TrackerCheck};
use ports::warehouse::{DayLoad, JobState, Warehouse, WarehouseCheck};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fault(kind: Kind, retry: Retry) -> PortError {
    PortError::new(kind, retry, "fake", "call", "as the test wants it")
}

/// An issue as the fake keeps it.
#[derive(Debug, Clone)]
pub struct KeptIssue {
    pub issue: NewIssue,
    pub open: bool,
    pub comments: Vec<String>,
}

/// Issues by number. What is `lost` next arrives, and its answer does not.
#[derive(Default)]
pub struct FakeTracker {
    issues: Mutex<BTreeMap<u64, KeptIssue>>,
    lost: Mutex<u32>,
    down: Mutex<bool>,
    pub signals: Mutex<Vec<(String, Value)>>,
}

impl FakeTracker {
    #[must_use]
    pub fn issues(&self) -> BTreeMap<u64, KeptIssue> {
        lock(&self.issues).clone()
    }

    /// So many answers to changes are lost.
    pub fn lose(&self, answers: u32) {
        *lock(&self.lost) = answers;
    }

    pub fn set_down(&self, down: bool) {
        *lock(&self.down) = down;
    }

    pub fn delete(&self, number: u64) {
        lock(&self.issues).remove(&number);
    }

    fn is_there(&self) -> PortResult<()> {
        if *lock(&self.down) {
            let retry = Retry::After(std::time::Duration::from_secs(1));
            return Err(fault(Kind::Unavailable, retry));
        }
        Ok(())
    }

    fn answer<T>(&self, value: T) -> PortResult<T> {
        let mut lost = lock(&self.lost);
        if *lost > 0 {
            *lost -= 1;
            return Err(fault(Kind::Unavailable, Retry::Reconcile));
        }
        Ok(value)
    }

    fn with<T>(&self, number: u64, act: impl FnOnce(&mut KeptIssue) -> T) -> PortResult<T> {
        self.is_there()?;
        let mut issues = lock(&self.issues);
        let issue = issues.get_mut(&number);
        issue
            .map(act)
            .ok_or_else(|| fault(Kind::NotFound, Retry::Never))
    }
}

fn reference(number: u64) -> IssueRef {
    IssueRef {
        number,
        url: format!("https://tracker.example/{number}"),
    }
}

#[async_trait]
impl Tracker for FakeTracker {
    fn place(&self) -> String {
        "octo/shop at tracker.example".to_owned()
    }

    fn links(&self) -> Vec<LinkState> {
        Vec::new()
    }

    async fn check(&self, _: &SecretString) -> PortResult<TrackerCheck> {
        self.is_there()?;
        Ok(TrackerCheck {
            name: "octo/shop".to_owned(),
            public: Some(false),
            takes_issues: true,
            calls_left: None,
        })
    }

    async fn find_issue(
        &self,
        _: &SecretString,
        label: &str,
        marker: &str,
    ) -> PortResult<Option<FoundIssue>> {
        self.is_there()?;
        let issues = lock(&self.issues);
        let mut found = issues
            .iter()
            .filter(|(_, kept)| kept.issue.label == label && kept.issue.body.contains(marker));
        Ok(found.next().map(|(number, kept)| FoundIssue {
            issue: reference(*number),
            open: kept.open,
        }))
    }

    async fn open_issue(&self, _: &SecretString, issue: &NewIssue) -> PortResult<IssueRef> {
        self.is_there()?;
        let number = {
            let mut issues = lock(&self.issues);
            let number = issues.keys().next_back().map_or(1, |last| last + 1);
            let kept = KeptIssue {
                issue: issue.clone(),
                open: true,
                comments: Vec::new(),
            };
            issues.insert(number, kept);
            number
        };
        self.answer(reference(number))
    }

    async fn has_comment(&self, _: &SecretString, number: u64, marker: &str) -> PortResult<bool> {
        self.with(number, |kept| {
            kept.comments.iter().any(|c| c.contains(marker))
        })
    }

    async fn comment(&self, _: &SecretString, number: u64, body: &str) -> PortResult<()> {
        self.with(number, |kept| kept.comments.push(body.to_owned()))?;
        self.answer(())
    }

    async fn set_open(&self, _: &SecretString, number: u64, open: bool) -> PortResult<()> {
        self.with(number, |kept| kept.open = open)?;
        self.answer(())
    }

    async fn signal(&self, _: &SecretString, name: &str, payload: &Value) -> PortResult<()> {
        self.is_there()?;
        lock(&self.signals).push((name.to_owned(), payload.clone()));
        self.answer(())
    }
}

/// Rows by table and day; a job is at its end at once. Its answer may be lost, and it may fail.
#[derive(Default)]
pub struct FakeWarehouse {
    rows: Mutex<BTreeMap<(MirrorTable, String), Vec<Value>>>,
    jobs: Mutex<BTreeMap<String, JobState>>,
    faults: Mutex<(u32, u32)>,
}

impl FakeWarehouse {
    #[must_use]
    pub fn rows(&self) -> BTreeMap<(MirrorTable, String), Vec<Value>> {
        lock(&self.rows).clone()
    }

    /// How many jobs were taken.
    #[must_use]
    pub fn jobs(&self) -> usize {
        lock(&self.jobs).len()
    }

    /// So many answers are lost, and so many jobs end in a fault that passes.
    pub fn fail(&self, lost: u32, failing: u32) {
        *lock(&self.faults) = (lost, failing);
    }
}

#[async_trait]
impl Warehouse for FakeWarehouse {
    fn place(&self) -> String {
        "project.royal at warehouse.example".to_owned()
    }

    fn table_name(&self, table: MirrorTable, store: StoreId) -> String {
        format!("{}_{}", table.as_str(), store.0.simple())
    }

    fn links(&self) -> Vec<LinkState> {
        Vec::new()
    }

    async fn check(&self, _: &SecretString) -> PortResult<WarehouseCheck> {
        Ok(WarehouseCheck {
            name: "project:royal".to_owned(),
            location: "EU".to_owned(),
        })
    }

    async fn load(&self, _: &SecretString, job: &str, day: &DayLoad) -> PortResult<()> {
        let mut faults = lock(&self.faults);
        let mut jobs = lock(&self.jobs);
        if !jobs.contains_key(job) {
            let failing = faults.1 > 0;
            faults.1 -= u32::from(failing);
            let rows: Result<Vec<Value>, _> = day.lines.lines().map(serde_json::from_str).collect();
            let end = match rows {
                Ok(rows) if !failing => {
                    let count = rows.len() as u64;
                    let key = (day.table, day.day.to_string());
                    lock(&self.rows).insert(key, rows);
                    JobState::Done { rows: count }
                }
                _ => JobState::Failed {
                    reason: "backendError: as the test wants it".to_owned(),
                    again: true,
                },
            };
            jobs.insert(job.to_owned(), end);
        }
        if faults.0 > 0 {
            faults.0 -= 1;
            let retry = Retry::After(std::time::Duration::from_secs(1));
            return Err(fault(Kind::Unavailable, retry));
        }
        Ok(())
    }

    async fn job(&self, _: &SecretString, job: &str) -> PortResult<Option<JobState>> {
        Ok(lock(&self.jobs).get(job).cloned())
    }
}
